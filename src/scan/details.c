#include "scan/details.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/workers.h"
#include "proc/process.h"
#include "proc/status.h"

#define NSEC_PER_SEC 1000000000U
#define BATCH 8
/* A thread takes as long to start as a few tasks to read. */
#define TASKS_PER_WORKER 32

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

int scan_details(const struct snapshot *snapshot, uint32_t task, unsigned int wanted,
		 struct task_details *details)
{
	AUTO_PROCESS struct process process;
	int ret;

	*details = (struct task_details){0};
	ret = scan_open_task(snapshot, task, &process);
	if (ret == 0 && wanted & DETAIL_STAT && !take_stat(snapshot, task, details))
		read_stat(snapshot, &process, details);
	if (ret == 0 && wanted & DETAIL_USER)
		read_user(&process, details);
	if (ret == 0 && wanted & DETAIL_INSIDE)
		ret = read_inside(&process, details);
	if (ret == 0 && wanted & DETAIL_COMMAND)
		details->command = process_read_command(&process);
	if (ret < 0 && ret != -ENOMEM)
		return -ESRCH;
	return ret;
}

struct reading {
	const struct snapshot *snapshot;
	const uint32_t *tasks;
	size_t count;
	unsigned int wanted;
	struct task_details *details;
	atomic_size_t next;
	atomic_bool has_failed;
};

static void *read_some(void *argument)
{
	struct reading *reading = argument;

	for (;;) {
		size_t first = atomic_fetch_add(&reading->next, BATCH);

		if (first >= reading->count)
			return NULL;
		for (size_t i = first; i < reading->count && i < first + BATCH; i++) {
			if (reading->tasks[i] != SNAPSHOT_NONE &&
			    scan_details(reading->snapshot, reading->tasks[i], reading->wanted,
					 &reading->details[i]) == -ENOMEM)
				reading->has_failed = true;
		}
	}
}

int scan_details_of_all(const struct snapshot *snapshot, const uint32_t *tasks, size_t count,
			unsigned int wanted, struct task_details *details)
{
	struct reading reading = {
	    .snapshot = snapshot, .tasks = tasks, .count = count, .wanted = wanted, .details = details};

	for (size_t i = 0; i < count; i++)
		details[i] = (struct task_details){0};
	if (wanted != 0)
		workers_run(workers_choose(count, TASKS_PER_WORKER), read_some, &reading);
	return reading.has_failed ? -ENOMEM : 0;
}
