/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The view of /proc of one process: its tasks, their namespaces, and its open files. */
#ifndef NSCTL_SCAN_PROCFS_TASK_H
#define NSCTL_SCAN_PROCFS_TASK_H

#include "scan/files.h"
#include "scan/scan.h"

struct found_task {
	pid_t pid;
	pid_t tgid;
	ino_t inodes[NS_LINK_COUNT];
};

/* Lives in a helper of bounded_run(): a hostile process can block any of this. */
struct procfs_reader {
	const struct scan_request *request;
	bool wanted[NS_LINK_COUNT];
	int proc_fd;
	/*
	 * Read the namespaces by pidfds (Linux 6.11), and no files: since Linux 6.18
	 * the links of /proc/PID/ns wait for exec_update_lock, which a process holds
	 * during execve(2); pidfds do not.
	 */
	bool is_blocked;

	/* The last process. */
	struct found_task *tasks;
	size_t task_count;
	size_t task_capacity;
	struct files files;
	bool is_there;
	bool is_denied; /* this user may not read all of it */
};

/* Reads a process.  What ended meanwhile is no error.  Returns 0 or a negative errno. */
int procfs_read_process(struct procfs_reader *reader, uint32_t pid);

#endif
