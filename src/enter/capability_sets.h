/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The credentials of a confined program: its five capability sets, with its groups and its user. */
#ifndef NSCTL_ENTER_CAPABILITY_SETS_H
#define NSCTL_ENTER_CAPABILITY_SETS_H

#include "enter/part.h"
#include "proc/settings.h"

struct capability_sets {
	uint64_t wanted[CAPABILITY_SET_COUNT];
	bool keeps_admin; /* CAP_SYS_ADMIN is kept until execve(2): it loads the filters */
};

/*
 * Decides the sets: those of the settings, or all that the caller can give for a
 * privileged program.  A capability that the caller lacks is missing.
 */
plan_fn capability_sets_plan;

/*
 * In the process that becomes the program, inside: bounding set, groups, group, user,
 * then the other sets.  Any surprise is an error.
 */
apply_fn capability_sets_apply;

#endif
