/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A child that starts in another cgroup. */
#ifndef NSCTL_RUN_CLONE_INTO_H
#define NSCTL_RUN_CLONE_INTO_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The memory of a child's stack, with any guard page.  It stays mapped until the child executes or exits. */
struct clone_stack {
	void *start; /* the lowest address */
	size_t size; /* bytes */
};

/*
 * Like clone(2), but the child starts in the cgroup v2 whose directory cgroup_fd is, also
 * with O_PATH (CLONE_INTO_CGROUP of clone3(2), Linux 5.7).  A process that moves by
 * cgroup.procs instead waits for a grace period of RCU, 10 to 20 ms, unless another process
 * has just moved (percpu_down_write() of cgroup_threadgroup_rwsem).
 *
 * flags: CLONE_VM, CLONE_VFORK; SIGCHLD is sent at the end.  The child exits with the
 * status that run() returns.  Returns the PID of the child, or -1 with errno, as clone(2)
 * documents; among them EACCES, EAGAIN (pids.max), EBUSY (the cgroup delegates
 * controllers), ENOENT (outside the caller's cgroup namespace, "nsdelegate"),
 * EOPNOTSUPP, and ENOSYS also where the processor is neither x86-64 nor arm64.
 */
pid_t clone_into_cgroup(int (*run)(void *context), void *context, struct clone_stack stack, uint64_t flags,
			int cgroup_fd);

#endif
