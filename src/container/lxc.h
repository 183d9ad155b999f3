/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by LXC and Incus: liblxc names the cgroups. */
#ifndef NSCTL_CONTAINER_LXC_H
#define NSCTL_CONTAINER_LXC_H

#include "container/runtime.h"

extern const struct cgroup_pattern lxc_patterns[];

/* Finds the first process in the container's cgroup: no file has its PID.  0 or -ESRCH. */
int lxc_find_init(struct containers *containers, struct container *container);

#endif
