/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "query/shown_task.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bounded.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "proc/process.h"
#include "proc/status.h"

/* A helper takes as long to start as some files to read. */
#define TASKS_PER_HELPER 128

/* The known facts about a task. */
struct known {
	bool is_wanted; /* it is to be read */
	bool is_zombie;
	uint64_t start; /* by the clock of the engine or of /proc; 0: not known */
};

struct choosing {
	const struct snapshot *snapshot;
	bool *is_open;       /* by namespace: not decided yet */
	uint32_t *tasks;     /* by namespace: the best so far */
	struct known *known; /* by task */
};

static void read_start_stat(const struct snapshot_task *task, struct known *known)
{
	struct process_stat stat;
	char path[32];
	char text[1024];

	snprintf(path, sizeof(path), "/proc/%d/stat", task->pid);
	if (file_read_at_once(AT_FDCWD, path, text, sizeof(text)) < 0 || process_parse_stat(text, &stat) < 0)
		return;
	known->is_zombie = stat.state == 'Z' || stat.state == 'X';
	known->start = stat.start_ticks;
}

struct reading {
	const struct snapshot *snapshot;
	const struct known *known;
	const uint32_t *wanted; /* tasks */
};

static int read_start_in_helper(size_t item, struct bounded_reply *reply, void *context)
{
	const struct reading *reading = context;
	uint32_t task = reading->wanted[item];
	struct known known = reading->known[task];

	read_start_stat(&reading->snapshot->tasks[task], &known);
	return bounded_store(reply, &known, sizeof(known)) ? 0 : -ENOMEM;
}

/* Reads the state from /proc/PID/status: unlike stat, no process can block it. */
static void read_task_state(const struct snapshot_task *task, struct known *known)
{
	char path[32];
	char text[512];
	const char *line;

	snprintf(path, sizeof(path), "/proc/%d/status", task->pid);
	if (file_read_at(AT_FDCWD, path, text, sizeof(text)) < 0)
		return;
	line = strstr(text, "\nState:\t");
	known->is_zombie = line && (line[8] == 'Z' || line[8] == 'X');
}

/* A process that blocks its readers is shown only if it is alone. */
static void read_some_starts(struct choosing *choosing, const uint32_t *wanted, size_t count)
{
	struct reading reading = {choosing->snapshot, choosing->known, wanted};
	AUTO_BOUNDED struct bounded answers = {0};
	const struct bounded_job job = {
	    .count = count,
	    .limit = sizeof(struct known),
	    .items_per_helper = TASKS_PER_HELPER,
	    .work = read_start_in_helper,
	    .context = &reading,
	};

	bounded_run(&job, unanswered_patience(choosing->snapshot->unanswered), &answers);
	for (size_t i = 0; i < count; i++) {
		size_t size;
		const struct known *known = bounded_data(&answers, i, &size);

		if (known)
			choosing->known[wanted[i]] = *known;
	}
}

/* Reads only the state if the engine reported the start, and that only of tasks that exit: a status file
 * takes 28 microseconds (Linux 6.18). */
static int read_wanted(struct choosing *choosing)
{
	const struct snapshot_task *tasks = choosing->snapshot->tasks;
	AUTO_FREE uint32_t *wanted = calloc(choosing->snapshot->task_count + 1, sizeof(*wanted));
	size_t count = 0;

	if (!wanted)
		return -ENOMEM;
	for (uint32_t i = 0; i < choosing->snapshot->task_count; i++) {
		struct known *known = &choosing->known[i];

		if (known->is_wanted && tasks[i].start_nsec == 0)
			wanted[count++] = i;
		else if (known->is_wanted && tasks[i].is_exiting)
			read_task_state(&tasks[i], known);
		known->is_wanted = false;
	}
	if (count > 0)
		read_some_starts(choosing, wanted, count);
	return 0;
}

typedef void member_fn(struct choosing *choosing, uint32_t ns, uint32_t task);

/* Calls look for each process and each open namespace that it is in, by PID. */
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

static void want_start(struct choosing *choosing, uint32_t ns, uint32_t task)
{
	(void)ns;
	/* /proc gave the state with the start. */
	choosing->known[task].is_wanted = choosing->snapshot->tasks[task].start_nsec != 0;
}

/* A process whose start is not known has ended meanwhile. */
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

	process.dir_fd = process_open_directory(pid);
	return process.dir_fd >= 0 && process_read_status(&process, &status) == 0 && status.nspid_count > 0 &&
	       status.nspid[status.nspid_count - 1] == 1;
}

/* /proc counts the start in clock ticks: a child may have the same as the first process. */
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

/* Whether nothing is left to decide: process 1 is older than all others. */
static bool is_plain_choice(const struct snapshot *snapshot, const struct snapshot_ns *ns)
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

/* A zombie keeps its PID and credentials, and so stays in its pid and user namespaces alone: the others are
 * decided. */
static int close_decided(struct choosing *choosing)
{
	const struct snapshot *snapshot = choosing->snapshot;

	for (size_t i = 0; i < snapshot->ns_count; i++) {
		enum ns_type type = snapshot->namespaces[i].type;

		if (type != NS_PID && type != NS_USER)
			choosing->is_open[i] = false;
		if (choosing->is_open[i])
			want_start(choosing, (uint32_t)i, choosing->tasks[i]);
	}
	if (read_wanted(choosing) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < snapshot->ns_count; i++) {
		if (choosing->is_open[i] && !choosing->known[choosing->tasks[i]].is_zombie)
			choosing->is_open[i] = false;
	}
	return 0;
}

/* For pid namespaces: chooses PID 1 among processes that started at the same time. */
static void choose_number_one(struct choosing *choosing, const bool *chosen)
{
	const struct snapshot *snapshot = choosing->snapshot;

	for (size_t i = 0; i < snapshot->ns_count; i++) {
		const struct snapshot_ns *ns = &snapshot->namespaces[i];

		choosing->is_open[i] =
		    ns->type == NS_PID && (!chosen || chosen[i]) && !is_plain_choice(snapshot, ns);
	}
	for_each_member(choosing, take_number_one);
}

static int choose_shown(struct choosing *choosing, const bool *chosen)
{
	const struct snapshot *snapshot = choosing->snapshot;

	for (size_t i = 0; i < snapshot->task_count; i++)
		choosing->known[i].start = snapshot->tasks[i].start_nsec;
	for (size_t i = 0; i < snapshot->ns_count; i++) {
		const struct snapshot_ns *ns = &snapshot->namespaces[i];

		choosing->tasks[i] = ns->first_task;
		choosing->is_open[i] = (!chosen || chosen[i]) && !is_plain_choice(snapshot, ns);
	}
	for_each_member(choosing, want_unknown);
	if (read_wanted(choosing) < 0)
		return -ENOMEM;
	choose_oldest(choosing);
	if (close_decided(choosing) < 0)
		return -ENOMEM;
	for_each_member(choosing, want_start);
	if (read_wanted(choosing) < 0)
		return -ENOMEM;
	choose_oldest(choosing);
	choose_number_one(choosing, chosen);
	return 0;
}

/* NOLINTNEXTLINE(readability-non-const-parameter): the structure writes through it */
int shown_tasks_choose(const struct snapshot *snapshot, const bool *chosen, uint32_t *tasks)
{
	AUTO_FREE bool *is_open = calloc(snapshot->ns_count + 1, sizeof(*is_open));
	AUTO_FREE struct known *known = calloc(snapshot->task_count + 1, sizeof(*known));
	struct choosing choosing = {.snapshot = snapshot, .is_open = is_open, .tasks = tasks, .known = known};

	if (!is_open || !known)
		return -ENOMEM;
	return choose_shown(&choosing, chosen);
}
