/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Entering the chosen namespaces: the order, the setns(2) calls, and the check afterwards. */
#ifndef NSCTL_ENTER_JOIN_H
#define NSCTL_ENTER_JOIN_H

#include "enter/part.h"

/* An nsfs descriptor and its type, or a pidfd and all types at once. */
struct setns_call {
	int fd; /* borrowed from the plan */
	ns_type_set types;
};

struct join {
	struct setns_call calls[NS_TYPE_COUNT];
	size_t count;
	bool by_pidfd; /* one call enters the current namespaces of the process */
	bool
	    cgroup_in_child; /* the process of the program enters the cgroup namespace, after it has joined */
};

/*
 * Orders the calls; opens the namespaces where one pidfd will not do.  -EPERM where
 * all are to be entered, and the mnt namespace belongs to a user namespace below that
 * of the process.
 */
plan_fn join_plan;

/*
 * Leaves the cgroup namespace to the process of the program, if that joins cgroups before.
 * Planned after cgroups_plan() and supervisor_plan().
 */
plan_fn join_plan_in_child;

/* Enters the namespaces but those left to the program's process, and checks that they are the planned ones:
 * -EAGAIN where they changed. */
apply_fn join_apply;

/* The types that join_apply() enters. */
ns_type_set join_types_now(const struct plan *plan);

/* In the process of the program: enters the cgroup namespace, if it was left to it. */
apply_fn join_apply_in_child;

#endif
