/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The end of a confined program's privileges: no_new_privs, and its seccomp filters. */
#ifndef NSCTL_ENTER_FILTERS_H
#define NSCTL_ENTER_FILTERS_H

#include "enter/part.h"

struct filters {
	bool no_new_privs;
};

/*
 * Decides the filters in plan->settings, after the capability sets: those of the
 * configuration, or copies of the process's where they were asked for.  Filters that
 * the process has, and that were not, are missing.
 */
plan_fn filters_plan;

/*
 * Directly before execve(2): no other system call has to pass the filters.  Without
 * no_new_privs it requires CAP_SYS_ADMIN, which capability_sets_apply() has kept.
 */
apply_fn filters_apply;

#endif
