#include "scan/details.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bounded.h"
#include "base/cleanup.h"
#include "proc/process.h"
#include "proc/status.h"

#define NSEC_PER_SEC 1000000000U
/* A helper takes as long to start as a few tasks to read. */
#define TASKS_PER_HELPER 64
/* For so many tasks there is memory for the longest command lines. */
#define TASKS_AT_ONCE 4096

/* Below /proc/PID/task each directory has to be made first. */
static int open_task(const struct snapshot_task *task, struct process *process)
{
	char path[64];

	*process = PROCESS_CLOSED;
	process->pid = task->pid;
	if (snapshot_is_leader(task))
		snprintf(path, sizeof(path), "/proc/%d", task->pid);
	else
		snprintf(path, sizeof(path), "/proc/%d/task/%d", task->tgid, task->pid);
	process->dir_fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return process->dir_fd < 0 ? -ESRCH : 0;
}

/* Whether it still is in the namespaces that the snapshot says: one that differs tells. */
static bool has_same_links(const struct snapshot *snapshot, uint32_t task, const struct process *process)
{
	const struct snapshot_set *set = &snapshot->sets[snapshot->tasks[task].set];
	AUTO_CLOSE int ns_fd = openat(process->dir_fd, "ns", O_PATH | O_DIRECTORY | O_CLOEXEC);

	for (enum ns_link link = 0; ns_fd >= 0 && link < NS_LINK_COUNT; link++) {
		ino_t ino;
		int ret;

		if (set->ns[link] == SNAPSHOT_NONE)
			continue;
		ret = process_read_link_at(ns_fd, link, &ino);
		/* Before its first process, procfs tells nothing of a pid namespace. */
		if (ret == -ENOENT && link == NS_LINK_PID_FOR_CHILDREN)
			continue;
		if (ret < 0 || ino != snapshot->namespaces[set->ns[link]].ino)
			return false;
	}
	return ns_fd >= 0;
}

/* A number and a start are one task's for good; and reading one file takes a third of reading ten links. */
static bool has_same_start(const struct snapshot_task *task, const struct process *process)
{
	const uint64_t nsec_per_tick = NSEC_PER_SEC / (uint64_t)sysconf(_SC_CLK_TCK);
	struct process_stat stat;

	return process_read_stat(process, &stat) == 0 && stat.start_ticks == task->start_nsec / nsec_per_tick;
}

static bool is_same(const struct snapshot *snapshot, uint32_t index, const struct process *process)
{
	const struct snapshot_task *task = &snapshot->tasks[index];

	return task->start_nsec ? has_same_start(task, process) : has_same_links(snapshot, index, process);
}

int scan_open_task(const struct snapshot *snapshot, uint32_t task, struct process *process)
{
	int ret = open_task(&snapshot->tasks[task], process);

	if (ret == 0 && !is_same(snapshot, task, process)) {
		process_close(process);
		ret = -ESRCH;
	}
	return ret;
}

/* As of the scan, so that no child is older than its parent.  start: in seconds. */
static void set_age(const struct snapshot *snapshot, struct task_details *details, uint64_t start)
{
	details->age = snapshot->taken > start ? snapshot->taken - start : 0;
	details->has_age = true;
}

/* What the scan brought already. */
static bool take_stat(const struct snapshot *snapshot, uint32_t index, struct task_details *details)
{
	const struct snapshot_task *task = &snapshot->tasks[index];

	if (task->start_nsec == 0 || task->ppid < 0)
		return false;
	details->ppid = task->ppid;
	details->is_kernel_thread = task->is_kernel_thread;
	set_age(snapshot, details, task->start_nsec / NSEC_PER_SEC);
	details->has_stat = true;
	return true;
}

static void read_stat(const struct snapshot *snapshot, const struct process *process,
		      struct task_details *details)
{
	struct process_stat stat;

	if (process_read_stat(process, &stat) < 0)
		return;
	details->state = stat.state;
	details->ppid = stat.ppid;
	details->is_kernel_thread = stat.flags & PROCESS_KERNEL_THREAD;
	/* Inside a time namespace the clock has an offset, and the start time has the same. */
	set_age(snapshot, details, stat.start_ticks / (uint64_t)sysconf(_SC_CLK_TCK));
	details->has_stat = true;
}

/* The directory belongs to the effective user. */
static void read_user(const struct process *process, struct task_details *details)
{
	struct stat st;

	if (fstat(process->dir_fd, &st) < 0)
		return;
	details->uid = st.st_uid;
	details->has_uid = true;
}

/* uid_map tells where ids lead outside; the reader's own leads to its parent, which is not what is asked. */
static bool is_in_own_user_ns(const struct process *process)
{
	AUTO_CLOSE int own_fd = open("/proc/self/ns", O_PATH | O_DIRECTORY | O_CLOEXEC);
	AUTO_CLOSE int ns_fd = openat(process->dir_fd, "ns", O_PATH | O_DIRECTORY | O_CLOEXEC);
	ino_t own;
	ino_t its;

	return process_read_link_at(own_fd, NS_LINK_USER, &own) == 0 &&
	       process_read_link_at(ns_fd, NS_LINK_USER, &its) == 0 && own == its;
}

static int read_inside(const struct process *process, struct task_details *details)
{
	AUTO_STATUS struct process_status status = {0};
	AUTO_FREE struct id_map *map = malloc(sizeof(*map));
	int ret = map ? process_read_status(process, &status) : -ENOMEM;

	if (ret < 0)
		return ret;
	if (status.nspid_count > 0)
		details->nspid = status.nspid[status.nspid_count - 1];
	if (is_in_own_user_ns(process)) {
		details->has_inside = true;
		details->inside = status.euid;
	} else if (process_read_id_map(process, "uid_map", map) == 0) {
		details->has_inside = id_map_to_inside(map, status.euid, &details->inside);
	}
	return 0;
}

/* All but the command line: nothing of this blocks. */
static int read_details(const struct snapshot *snapshot, uint32_t task, const struct process *process,
			unsigned int wanted, struct task_details *details)
{
	int ret = 0;

	if (wanted & DETAIL_STATE || (wanted & DETAIL_STAT && !take_stat(snapshot, task, details)))
		read_stat(snapshot, process, details);
	if (wanted & DETAIL_USER)
		read_user(process, details);
	if (wanted & DETAIL_INSIDE)
		ret = read_inside(process, details);
	return ret < 0 && ret != -ENOMEM ? -ESRCH : ret;
}

int scan_read_details(const struct snapshot *snapshot, uint32_t task, unsigned int wanted,
		      struct task_details *details)
{
	AUTO_PROCESS struct process process = PROCESS_CLOSED;
	int ret = scan_open_task(snapshot, task, &process);

	*details = (struct task_details){0};
	return ret < 0 ? ret : read_details(snapshot, task, &process, wanted, details);
}

struct reading {
	const struct snapshot *snapshot;
	const uint32_t *tasks;
	unsigned int wanted;
};

/* What a helper stores for a task. */
struct stored_details {
	struct task_details details;
	char command[COMMAND_SIZE];
};

static int store(struct bounded_reply *reply, const struct stored_details *stored, bool has_command)
{
	size_t length = offsetof(struct stored_details, command);

	if (has_command)
		length += strlen(stored->command) + 1;
	return bounded_store(reply, stored, length) ? 0 : -ENOMEM;
}

/* In a helper: any of this may block. */
static int read_all(size_t item, struct bounded_reply *reply, void *context)
{
	const struct reading *reading = context;
	uint32_t task = reading->tasks[item];
	struct stored_details stored = {0};
	AUTO_PROCESS struct process process = PROCESS_CLOSED;
	int ret = task == SNAPSHOT_NONE ? -ESRCH : scan_open_task(reading->snapshot, task, &process);

	if (ret == 0)
		ret = read_details(reading->snapshot, task, &process, reading->wanted, &stored.details);
	if (ret < 0)
		return ret;
	return store(reply, &stored,
		     reading->wanted & DETAIL_COMMAND &&
			 process_read_command(&process, !(reading->wanted & DETAIL_PLAIN), stored.command) ==
			     0);
}

/*
 * In a helper: of a task that blocks, what never takes a lock of its.  That it
 * still is the same task cannot be told from that.
 */
static int read_unblocked(size_t item, struct bounded_reply *reply, void *context)
{
	const struct reading *reading = context;
	const struct snapshot *snapshot = reading->snapshot;
	struct stored_details stored = {0};
	AUTO_PROCESS struct process process = PROCESS_CLOSED;
	AUTO_STATUS struct process_status status = {0};

	if (open_task(&snapshot->tasks[reading->tasks[item]], &process) < 0)
		return -ESRCH;
	read_user(&process, &stored.details);
	if (!take_stat(snapshot, reading->tasks[item], &stored.details) &&
	    process_read_status(&process, &status) == 0) {
		stored.details.ppid = status.ppid;
		stored.details.state = status.state;
		stored.details.has_stat = true;
	}
	return store(reply, &stored,
		     process_read_comm_in_brackets(&process, stored.command, COMMAND_SIZE) == 0);
}

static void run(const struct reading *reading, size_t count, bounded_fn *work, struct bounded *answers)
{
	const struct bounded_job job = {
	    .count = count,
	    .limit = sizeof(struct stored_details),
	    .items_per_helper = TASKS_PER_HELPER,
	    .work = work,
	    .context = (void *)reading,
	};

	/* Without a helper there are no answers. */
	bounded_run(&job, unanswered_patience(reading->snapshot->unanswered), answers);
}

static int take_answer(const struct bounded *answers, size_t item, struct task_details *details)
{
	size_t size;
	const struct stored_details *stored = bounded_data(answers, item, &size);
	int status = bounded_status(answers, item);

	if (!stored) {
		details->is_gone = status < 0;
		return status == -ENOMEM ? -ENOMEM : 0;
	}
	*details = stored->details;
	if (size > offsetof(struct stored_details, command)) {
		details->command = strdup(stored->command);
		return details->command ? 0 : -ENOMEM;
	}
	return 0;
}

/* places: of the tasks without an answer, among the details. */
static int read_rest(const struct reading *reading, const size_t *places, size_t count,
		     struct task_details *details)
{
	AUTO_FREE uint32_t *tasks = calloc(count + 1, sizeof(*tasks));
	AUTO_BOUNDED struct bounded answers = {0};
	struct reading again = {.snapshot = reading->snapshot, .tasks = tasks, .wanted = reading->wanted};
	int ret = tasks ? 0 : -ENOMEM;

	if (count == 0 || ret < 0)
		return ret;
	for (size_t i = 0; i < count; i++)
		tasks[i] = reading->tasks[places[i]];
	unanswered_add(reading->snapshot->unanswered, UNANSWERED_COMMAND, count);
	run(&again, count, read_unblocked, &answers);
	for (size_t i = 0; i < count && ret == 0; i++)
		ret = take_answer(&answers, i, &details[places[i]]);
	return ret;
}

/* details[i]: of tasks[i]; one that is gone has none.  Returns 0 or -ENOMEM. */
static int read_some(const struct reading *reading, size_t count, struct task_details *details)
{
	AUTO_BOUNDED struct bounded answers = {0};
	AUTO_FREE size_t *unanswered = calloc(count + 1, sizeof(*unanswered));
	size_t unanswered_count = 0;
	int ret = unanswered ? 0 : -ENOMEM;

	if (unanswered)
		run(reading, count, read_all, &answers);
	for (size_t i = 0; i < count && ret == 0; i++) {
		if (reading->tasks[i] == SNAPSHOT_NONE)
			continue;
		if (bounded_status(&answers, i) == BOUNDED_NO_ANSWER)
			unanswered[unanswered_count++] = i;
		else
			ret = take_answer(&answers, i, &details[i]);
	}
	return ret < 0 ? ret : read_rest(reading, unanswered, unanswered_count, details);
}

int scan_details(const struct snapshot *snapshot, uint32_t task, unsigned int wanted,
		 struct task_details *details)
{
	int ret = scan_details_of_all(snapshot, &task, 1, wanted, details);

	return ret == 0 && details->is_gone ? -ESRCH : ret;
}

int scan_details_of_all(const struct snapshot *snapshot, const uint32_t *tasks, size_t count,
			unsigned int wanted, struct task_details *details)
{
	struct reading reading = {.snapshot = snapshot, .wanted = wanted};
	int ret = 0;

	for (size_t i = 0; i < count; i++)
		details[i] = (struct task_details){0};
	for (size_t first = 0; wanted != 0 && first < count && ret == 0; first += TASKS_AT_ONCE) {
		size_t some = count - first < TASKS_AT_ONCE ? count - first : TASKS_AT_ONCE;

		reading.tasks = tasks + first;
		ret = read_some(&reading, some, details + first);
	}
	return ret;
}
