/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scan/task_details.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "proc/cgroup.h"

#define NSEC_PER_SEC 1000000000U

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

/* Scans for some types only have no links to mnt namespaces. */
static void read_mnt_ns(const struct snapshot *snapshot, uint32_t task, const struct process *process,
			struct task_details *details)
{
	uint32_t scanned = snapshot_task_ns(snapshot, task, NS_LINK_MNT);
	AUTO_CLOSE int ns_fd = -1;
	ino_t ino;

	if (scanned != SNAPSHOT_NONE) {
		details->mnt = snapshot->namespaces[scanned].ino;
		return;
	}
	ns_fd = openat(process->dir_fd, "ns", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (ns_fd >= 0 && process_read_link_at(ns_fd, NS_LINK_MNT, &ino) == 0)
		details->mnt = ino;
}

int task_details_read(const struct snapshot *snapshot, uint32_t task, const struct process *process,
		      unsigned int wanted, struct task_details *details)
{
	int ret = 0;

	if (wanted & DETAIL_STATE || (wanted & DETAIL_STAT && !use_scanned_stat(snapshot, task, details)))
		read_stat(snapshot, process, details);
	if (wanted & DETAIL_USER)
		read_user(process, details);
	if ((wanted & DETAIL_CONTAINER) == DETAIL_CONTAINER)
		read_mnt_ns(snapshot, task, process, details);
	if (wanted & DETAIL_INSIDE)
		ret = read_inside(process, details);
	return ret < 0 && ret != -ENOMEM ? -ESRCH : ret;
}

/* Where the next text goes: there is room for COMMAND_SIZE bytes. */
static char *next_text(struct stored_details *stored)
{
	return stored->texts + stored->length;
}

/* Keeps the text that was written to next_text(), if reading it succeeded. */
static void keep_text(struct stored_details *stored, enum detail_text text, int ret)
{
	stored->has_text[text] = ret >= 0;
	if (ret >= 0)
		stored->length += strlen(next_text(stored)) + 1;
}

void task_details_read_texts(const struct process *process, unsigned int wanted,
			     struct stored_details *stored)
{
	if (wanted & DETAIL_COMMAND)
		keep_text(stored, TEXT_COMMAND,
			  process_read_command(process, !(wanted & DETAIL_PLAIN), next_text(stored)));
	if (wanted & DETAIL_CGROUP)
		keep_text(stored, TEXT_CGROUP,
			  process_read_cgroup(process->dir_fd, next_text(stored), COMMAND_SIZE));
}

void task_details_read_unblocked(const struct snapshot *snapshot, uint32_t task,
				 const struct process *process, struct stored_details *stored)
{
	AUTO_STATUS struct process_status status = {0};

	bool has_stat = use_scanned_stat(snapshot, task, &stored->details);

	read_user(process, &stored->details);
	if (process_read_status(process, &status) == 0) {
		stored->details.state = status.state;
		if (!has_stat)
			stored->details.ppid = status.ppid;
		stored->details.has_stat = true;
	}
	keep_text(stored, TEXT_COMMAND,
		  process_read_comm_in_brackets(process, next_text(stored), COMMAND_SIZE));
	keep_text(stored, TEXT_CGROUP, process_read_cgroup(process->dir_fd, next_text(stored), COMMAND_SIZE));
}

int task_details_unpack(const struct stored_details *stored, struct task_details *details)
{
	const char *next = stored->texts;

	*details = stored->details;
	for (enum detail_text text = 0; text < DETAIL_TEXT_COUNT; text++) {
		if (!stored->has_text[text])
			continue;
		details->texts[text] = strdup(next);
		if (!details->texts[text])
			return -ENOMEM;
		next += strlen(next) + 1;
	}
	return 0;
}
