/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The root of a mnt namespace, reached through a process in it.  Only helpers of bounded_run() use it. */
#ifndef NSCTL_QUERY_MOUNT_ROOT_H
#define NSCTL_QUERY_MOUNT_ROOT_H

#include "snapshot/snapshot.h"

/* The mnt namespace that a helper looked at last. */
struct finder {
	const struct snapshot *snapshot;
	uint32_t own_mnt;
	uint32_t mnt_ns;
	int failure; /* 0, or a negative errno: its root cannot be opened */
	pid_t pid;   /* 0: the caller */
	unsigned int ups;
	bool shows_caller;
	int dir_fd;  /* /proc/PID */
	int root_fd; /* the process's root */
	int top_fd;  /* the root of the mnt namespace */
};

#define FINDER(of_snapshot, of_own_mnt)                                                                      \
	((struct finder){.snapshot = (of_snapshot),                                                          \
			 .own_mnt = (of_own_mnt),                                                            \
			 .mnt_ns = SNAPSHOT_NONE,                                                            \
			 .dir_fd = -1,                                                                       \
			 .root_fd = -1,                                                                      \
			 .top_fd = -1})

/*
 * Opens the mnt namespace, unless it was opened last.  Prefers a process whose
 * root is that of the mnt namespace.  Returns 0; -ESRCH if no process is there;
 * or another negative errno.
 */
int finder_open(struct finder *finder, uint32_t mnt_ns);

/*
 * Opens a path below dir_fd, by O_PATH and openat2(2) with these RESOLVE_
 * flags, without asking a file system (RESOLVE_CACHED, Linux 5.12).  Returns a
 * descriptor or a negative errno; -EAGAIN: one would have to be asked.
 */
int finder_open_cached(int dir_fd, const char *path, uint64_t resolve);

/* The same, but may ask a file system. */
int finder_open_uncached(int dir_fd, const char *path, uint64_t resolve);

#endif
