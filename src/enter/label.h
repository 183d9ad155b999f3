/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The SELinux context of the program. */
#ifndef NSCTL_ENTER_LABEL_H
#define NSCTL_ENTER_LABEL_H

#include "enter/part.h"

struct label {
	int exec_fd; /* /proc/thread-self/attr/exec of the caller's /proc; -1: leave the label alone */
};

#define LABEL_NONE ((struct label){.exec_fd = -1})

plan_fn label_plan;   /* nothing without SELinux, as nsenter does */
apply_fn label_apply; /* sets the label that execve(2) will give the program; a fork keeps it */
void label_free(struct label *label);

#endif
