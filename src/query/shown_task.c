#include "query/shown_task.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/workers.h"
#include "proc/process.h"
#include "proc/status.h"

#define BATCH 16
/* A thread takes as long to start as some files to read. */
#define TASKS_PER_WORKER 64

/* What is known of a task. */
struct known {
	bool is_wanted; /* stat is to be read */
	bool is_zombie;
	uint64_t start; /* by the clock of the engine, or of /proc; 0: not known */
};

struct choosing {
	const struct snapshot *snapshot;
	bool *is_open;       /* by namespace: several may stand for it */
	uint32_t *tasks;     /* by namespace: the best until now */
	struct known *known; /* by task */
	atomic_size_t next;
};

static void read_stat(const struct snapshot_task *task, struct known *known)
{
	struct process_stat stat;
	char path[32];
	char text[1024];

	snprintf(path, sizeof(path), "/proc/%d/stat", task->pid);
	if (file_read_at(AT_FDCWD, path, text, sizeof(text)) < 0 || process_parse_stat(text, &stat) < 0)
		return;
	known->is_zombie = stat.state == 'Z' || stat.state == 'X';
	if (task->start_nsec == 0)
		known->start = stat.start_ticks;
}

static void *read_some(void *argument)
{
	struct choosing *choosing = argument;
	const struct snapshot *snapshot = choosing->snapshot;

	for (;;) {
		size_t first = atomic_fetch_add(&choosing->next, BATCH);

		if (first >= snapshot->task_count)
			return NULL;
		for (size_t i = first; i < snapshot->task_count && i < first + BATCH; i++) {
			if (choosing->known[i].is_wanted)
				read_stat(&snapshot->tasks[i], &choosing->known[i]);
			choosing->known[i].is_wanted = false;
		}
	}
}

static void read_wanted(struct choosing *choosing)
{
	size_t count = 0;

	for (size_t i = 0; i < choosing->snapshot->task_count; i++)
		count += choosing->known[i].is_wanted;
	choosing->next = 0;
	if (count > 0)
		workers_run(workers_choose(count, TASKS_PER_WORKER), read_some, choosing);
}

typedef void member_fn(struct choosing *choosing, uint32_t ns, uint32_t task);

/* Each process with each namespace that it is in and that is open, by PID. */
static void for_each_member(struct choosing *choosing, member_fn *look)
{
	const struct snapshot *snapshot = choosing->snapshot;

	for (uint32_t i = 0; i < snapshot->task_count; i++) {
		const uint32_t *links = snapshot->sets[snapshot->tasks[i].set].ns;

		if (!snapshot_is_leader(&snapshot->tasks[i]))
			continue;
		for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
			uint32_t ns = links[ns_type_link(type)];

			if (ns != SNAPSHOT_NONE && choosing->is_open[ns])
				look(choosing, ns, i);
		}
	}
}

static void want_unknown(struct choosing *choosing, uint32_t ns, uint32_t task)
{
	(void)ns;
	choosing->known[task].is_wanted = choosing->known[task].start == 0;
}

static void want(struct choosing *choosing, uint32_t ns, uint32_t task)
{
	(void)ns;
	/* Else /proc has told already. */
	choosing->known[task].is_wanted = choosing->snapshot->tasks[task].start_nsec != 0;
}

/* One whose start is not known has ended meanwhile. */
static void take_older(struct choosing *choosing, uint32_t ns, uint32_t task)
{
	const struct known *known = choosing->known;
	uint32_t *best = &choosing->tasks[ns];

	if (known[task].start == 0 || known[task].is_zombie)
		return;
	if (*best == SNAPSHOT_NONE || known[task].start < known[*best].start)
		*best = task;
}

static bool is_number_one(pid_t pid)
{
	AUTO_PROCESS struct process process = {.pid = pid, .dir_fd = -1, .pidfd = -1};
	AUTO_STATUS struct process_status status = {0};
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d", pid);
	process.dir_fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return process.dir_fd >= 0 && process_read_status(&process, &status) == 0 && status.nspid_count > 0 &&
	       status.nspid[status.nspid_count - 1] == 1;
}

/* In /proc a start is as coarse as a clock tick: a child may have the same as the first process. */
static void take_number_one(struct choosing *choosing, uint32_t ns, uint32_t task)
{
	const struct snapshot_task *tasks = choosing->snapshot->tasks;
	const struct known *known = choosing->known;
	uint32_t *best = &choosing->tasks[ns];

	if (*best == SNAPSHOT_NONE || known[task].start != known[*best].start || known[task].is_zombie ||
	    tasks[task].start_nsec != 0)
		return;
	if (task != *best && is_number_one(tasks[task].pid))
		*best = task;
}

/* Whether the choice is plain: process 1 is older than all that are seen from here. */
static bool is_plain(const struct snapshot *snapshot, const struct snapshot_ns *ns)
{
	return ns->process_count <= 1 || snapshot->tasks[ns->first_task].pid == 1;
}

static void choose_oldest(struct choosing *choosing)
{
	const struct snapshot *snapshot = choosing->snapshot;

	for (size_t i = 0; i < snapshot->ns_count; i++) {
		if (choosing->is_open[i])
			choosing->tasks[i] = SNAPSHOT_NONE;
	}
	for_each_member(choosing, take_older);
	for (size_t i = 0; i < snapshot->ns_count; i++) {
		if (choosing->is_open[i] && choosing->tasks[i] == SNAPSHOT_NONE)
			choosing->tasks[i] = snapshot->namespaces[i].first_task;
	}
}

/* Closes what is decided: a zombie is in no namespaces but these (it keeps number and credentials). */
static void close_decided(struct choosing *choosing)
{
	const struct snapshot *snapshot = choosing->snapshot;

	for (size_t i = 0; i < snapshot->ns_count; i++) {
		enum ns_type type = snapshot->namespaces[i].type;

		if (type != NS_PID && type != NS_USER)
			choosing->is_open[i] = false;
		if (choosing->is_open[i])
			want(choosing, (uint32_t)i, choosing->tasks[i]);
	}
	read_wanted(choosing);
	for (size_t i = 0; i < snapshot->ns_count; i++) {
		if (choosing->is_open[i] && !choosing->known[choosing->tasks[i]].is_zombie)
			choosing->is_open[i] = false;
	}
}

/* Of pid namespaces alone: the first process among those that started at once. */
static void choose_number_one(struct choosing *choosing, const bool *chosen)
{
	const struct snapshot *snapshot = choosing->snapshot;

	for (size_t i = 0; i < snapshot->ns_count; i++) {
		const struct snapshot_ns *ns = &snapshot->namespaces[i];

		choosing->is_open[i] =
		    ns->type == NS_PID && (!chosen || chosen[i]) && !is_plain(snapshot, ns);
	}
	for_each_member(choosing, take_number_one);
}

static void choose(struct choosing *choosing, const bool *chosen)
{
	const struct snapshot *snapshot = choosing->snapshot;

	for (size_t i = 0; i < snapshot->task_count; i++)
		choosing->known[i].start = snapshot->tasks[i].start_nsec;
	for (size_t i = 0; i < snapshot->ns_count; i++) {
		const struct snapshot_ns *ns = &snapshot->namespaces[i];

		choosing->tasks[i] = ns->first_task;
		choosing->is_open[i] = (!chosen || chosen[i]) && !is_plain(snapshot, ns);
	}
	for_each_member(choosing, want_unknown);
	read_wanted(choosing);
	choose_oldest(choosing);
	close_decided(choosing);
	for_each_member(choosing, want);
	read_wanted(choosing);
	choose_oldest(choosing);
	choose_number_one(choosing, chosen);
}

int shown_tasks_choose(const struct snapshot *snapshot, const bool *chosen, uint32_t *tasks)
{
	AUTO_FREE bool *is_open = calloc(snapshot->ns_count + 1, sizeof(*is_open));
	AUTO_FREE struct known *known = calloc(snapshot->task_count + 1, sizeof(*known));
	struct choosing choosing = {.snapshot = snapshot, .is_open = is_open, .tasks = tasks, .known = known};

	if (!is_open || !known)
		return -ENOMEM;
	choose(&choosing, chosen);
	return 0;
}
