/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scan/open_task.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "proc/status.h"

#define NSEC_PER_SEC 1000000000U

/* A process is opened without its directory task, where the kernel would have to create each entry. */
int scan_open_any_task(const struct snapshot_task *task, struct process *process)
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

/* Whether the task is in the same namespaces as in the snapshot. */
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
		/* procfs does not report a pid namespace before its first process. */
		if (ret == -ENOENT && link == NS_LINK_PID_FOR_CHILDREN)
			continue;
		if (ret < 0 || ino != snapshot->namespaces[set->ns[link]].ino)
			return false;
	}
	return ns_fd >= 0;
}

/* PID and start time identify a task; reading them takes a third of the time of reading ten links. */
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
	int ret = scan_open_any_task(&snapshot->tasks[task], process);

	if (ret == 0 && !is_same(snapshot, task, process)) {
		process_close(process);
		ret = -ESRCH;
	}
	return ret;
}
