/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The processes of a container or a systemd unit, in a snapshot. */
#ifndef NSCTL_TARGET_MEMBERS_H
#define NSCTL_TARGET_MEMBERS_H

#include "container/container.h"
#include "target/kind.h"

/*
 * Fills found with the processes of a container: those in the cgroup that its
 * runtime made for it and in those below, and those that are in the mnt namespace
 * of its first process, init.  Returns 0; -ESRCH where the snapshot lacks init; or
 * another negative errno.
 */
int members_of_container(const struct snapshot *snapshot, const struct process *init,
			 const struct container *container, struct found_target *found, struct error *err);

/*
 * The same for all running containers of the pod that the sandbox, whose first process is
 * init, holds the namespaces of.
 */
int members_of_pod(const struct snapshot *snapshot, const struct process *init,
		   const struct container *sandbox, struct found_target *found, struct error *err);

/* The same for the processes in a cgroup directory and below it; the first is the one that started first. */
int members_of_cgroup(const struct snapshot *snapshot, int cgroup_fd, pid_t first, struct found_target *found,
		      struct error *err);

#endif
