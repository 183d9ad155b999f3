/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The limits of a confined program: resource limits, oom_score_adj, umask. */
#ifndef NSCTL_ENTER_LIMITS_H
#define NSCTL_ENTER_LIMITS_H

#include "enter/part.h"
#include "proc/settings.h"

struct limits {
	struct settings_limit wanted[RLIM_NLIMITS];
	bool is_raised[RLIM_NLIMITS]; /* above the caller's hard limit */
	rlim_t own_soft[RLIM_NLIMITS];
	int oom_fd; /* /proc/self/oom_score_adj of the caller's /proc; -1: it stays */
	int oom_score_adj;
	int own_oom_score_adj;
};

#define LIMITS_NONE ((struct limits){.oom_fd = -1})

/* Decides the limits.  One above the caller's own requires CAP_SYS_RESOURCE: without, it is missing. */
plan_fn limits_plan;
void limits_free(struct limits *limits);

/*
 * Before the join: what requires CAP_SYS_RESOURCE in the initial user namespace, and
 * what is inherited by fork(2).  The soft limits stay: nsctl itself is not limited.
 */
apply_fn limits_prepare;

/*
 * Once the child exists, with memory of its own: gives this process its oom_score_adj
 * back, where the kernel permits that.
 */
void limits_take_back(const struct plan *plan);

/* In the process that becomes the program. */
apply_fn limits_apply;

#endif
