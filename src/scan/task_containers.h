/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The containers and the systemd units of tasks that are shown.  Only scan/ uses it. */
#ifndef NSCTL_SCAN_TASK_CONTAINERS_H
#define NSCTL_SCAN_TASK_CONTAINERS_H

#include <stddef.h>

#include "snapshot/details.h"
#include "snapshot/snapshot.h"

/*
 * Stores TEXT_CONTAINER to TEXT_POD of each task that is in a container, by its
 * cgroup; else by the first processes of containers whose cgroups have no id, and by
 * the parents of the task.  details[i]: of tasks[i], with DETAIL_CGROUP read and mnt.
 * Reads the state files of those containers that have a task here.  Returns 0 or
 * -ENOMEM.
 */
int task_containers_find(const struct snapshot *snapshot, const uint32_t *tasks, size_t count,
			 struct task_details *details);

/* Stores TEXT_UNIT of each task that is in a unit.  Returns 0 or -ENOMEM. */
int task_units_find(struct task_details *details, size_t count);

#endif
