/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The security label of the program: its SELinux context, or its AppArmor profile. */
#ifndef NSCTL_ENTER_LABEL_H
#define NSCTL_ENTER_LABEL_H

#include "enter/part.h"

struct label {
	const char *text; /* what is written there */
	char *owned;      /* text, where it is not a part of the plan */
	int exec_fd;      /* /proc/thread-self/attr/exec of the caller's /proc; -1: leave the label alone */
};

#define LABEL_NONE ((struct label){.exec_fd = -1})

/*
 * Decides the label.  Without SELinux, --follow-context has none, as with nsenter.  A
 * confined program has that of its settings, else that of the process; a label of a
 * security module that is not enabled here is missing.
 */
plan_fn label_plan;
apply_fn label_apply; /* sets the label that execve(2) will give the program; a fork keeps it */
void label_free(struct label *label);

#endif
