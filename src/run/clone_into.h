/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A child that begins in another cgroup. */
#ifndef NSCTL_RUN_CLONE_INTO_H
#define NSCTL_RUN_CLONE_INTO_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The memory of a child's stack: it grows down from the end. */
struct clone_stack {
	void *start;
	size_t size; /* bytes */
};

/*
 * As clone(2) with a stack, but the child begins in the cgroup of version 2 whose directory
 * this is (CLONE_INTO_CGROUP, Linux 5.7).  A process that moves into it by cgroup.procs
 * waits until all processors have passed a quiescent state of RCU: 10 to 20 ms, unless
 * another process moved just before (percpu_down_write() of cgroup_threadgroup_rwsem).
 *
 * flags: CLONE_VM, CLONE_VFORK; SIGCHLD is sent at the end.  The child ends with what
 * run() returns.  Returns the child, or -1 with errno: ENOSYS also for processors that
 * this is not written for.
 */
pid_t clone_into_cgroup(int (*run)(void *context), void *context, struct clone_stack stack, uint64_t flags,
			int cgroup_fd);

#endif
