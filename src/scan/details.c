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
#include "proc/user_names.h"
#include "scan/inside_users.h"
#include "scan/open_task.h"

#define NSEC_PER_SEC 1000000000U
/* A helper takes as long to start as a few tasks to read. */
#define TASKS_PER_HELPER 64
/* Bounds the memory for the longest command lines. */
#define TASKS_AT_ONCE 4096

/* At the time of the scan, so that no child is older than its parent.  start: in seconds. */
static void set_age(const struct snapshot *snapshot, struct task_details *details, uint64_t start)
{
	details->age = snapshot->taken > start ? snapshot->taken - start : 0;
	details->has_age = true;
}

/* Uses what the scan read already. */
static bool use_scanned_stat(const struct snapshot *snapshot, uint32_t index, struct task_details *details)
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

/* uid_map is relative to the reader: in the reader's own user namespace it shows the parent's ids. */
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

/* All but the command line: none of this blocks. */
static int read_details(const struct snapshot *snapshot, uint32_t task, const struct process *process,
			unsigned int wanted, struct task_details *details)
{
	int ret = 0;

	if (wanted & DETAIL_STATE || (wanted & DETAIL_STAT && !use_scanned_stat(snapshot, task, details)))
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

static int store_details(struct bounded_reply *reply, const struct stored_details *stored, bool has_command)
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
	return store_details(
	    reply, &stored,
	    reading->wanted & DETAIL_COMMAND &&
		process_read_command(&process, !(reading->wanted & DETAIL_PLAIN), stored.command) == 0);
}

/*
 * In a helper, for a task that blocks: reads only what takes none of its locks.
 * Whether it still is the same task cannot be checked that way.
 */
static int read_unblocked(size_t item, struct bounded_reply *reply, void *context)
{
	const struct reading *reading = context;
	const struct snapshot *snapshot = reading->snapshot;
	struct stored_details stored = {0};
	AUTO_PROCESS struct process process = PROCESS_CLOSED;
	AUTO_STATUS struct process_status status = {0};

	if (scan_open_any_task(&snapshot->tasks[reading->tasks[item]], &process) < 0)
		return -ESRCH;
	read_user(&process, &stored.details);
	if (!use_scanned_stat(snapshot, reading->tasks[item], &stored.details) &&
	    process_read_status(&process, &status) == 0) {
		stored.details.ppid = status.ppid;
		stored.details.state = status.state;
		stored.details.has_stat = true;
	}
	return store_details(reply, &stored,
			     process_read_comm_in_brackets(&process, stored.command, COMMAND_SIZE) == 0);
}

static void run_helpers(const struct reading *reading, size_t count, bounded_fn *work,
			struct bounded *answers)
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

static int store_answer(const struct bounded *answers, size_t item, struct task_details *details)
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
	run_helpers(&again, count, read_unblocked, &answers);
	for (size_t i = 0; i < count && ret == 0; i++)
		ret = store_answer(&answers, i, &details[places[i]]);
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
		run_helpers(reading, count, read_all, &answers);
	for (size_t i = 0; i < count && ret == 0; i++) {
		if (reading->tasks[i] == SNAPSHOT_NONE)
			continue;
		if (bounded_status(&answers, i) == BOUNDED_NO_ANSWER)
			unanswered[unanswered_count++] = i;
		else
			ret = store_answer(&answers, i, &details[i]);
	}
	return ret < 0 ? ret : read_rest(reading, unanswered, unanswered_count, details);
}

int scan_details(const struct snapshot *snapshot, uint32_t task, unsigned int wanted,
		 struct task_details *details)
{
	int ret;

	*details = (struct task_details){0};
	ret = scan_details_of_all(snapshot, &task, 1, wanted, details);
	return ret == 0 && details->is_gone ? -ESRCH : ret;
}

/* The names of this system's users: where a name is missing, one run of getent(1) asks for all. */
static int name_users(struct task_details *details, size_t count)
{
	AUTO_USER_NAMES struct user_names names = {0};
	int ret = 0;

	for (size_t i = 0; i < count && ret == 0; i++)
		ret = details[i].has_uid ? user_names_want(&names, details[i].uid) : 0;
	if (ret == 0)
		ret = user_names_load(&names);
	for (size_t i = 0; i < count && ret == 0; i++) {
		if (!details[i].has_uid)
			continue;
		details[i].user = strdup(user_names_find(&names, details[i].uid));
		ret = details[i].user ? 0 : -ENOMEM;
	}
	return ret;
}

int scan_details_of_all(const struct snapshot *snapshot, const uint32_t *tasks, size_t count,
			unsigned int wanted, struct task_details *details)
{
	struct reading reading = {.snapshot = snapshot, .wanted = wanted};
	int ret = 0;

	for (size_t first = 0; wanted != 0 && first < count && ret == 0; first += TASKS_AT_ONCE) {
		size_t some = count - first < TASKS_AT_ONCE ? count - first : TASKS_AT_ONCE;

		reading.tasks = tasks + first;
		ret = read_some(&reading, some, details + first);
	}
	if (ret == 0 && (wanted & DETAIL_USER_NAME) == DETAIL_USER_NAME)
		ret = name_users(details, count);
	if (ret == 0 && (wanted & DETAIL_INSIDE_NAME) == DETAIL_INSIDE_NAME)
		ret = inside_users_read(snapshot, tasks, count, details);
	return ret;
}
