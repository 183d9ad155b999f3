/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The open files that the program inherits from the caller. */
#ifndef NSCTL_ENTER_DESCRIPTORS_H
#define NSCTL_ENTER_DESCRIPTORS_H

#include "enter/part.h"

/* The descriptors that close when the program executes. */
struct descriptors {
	bool keeps_all;        /* nothing */
	bool directories_only; /* else: of those from first on */
	unsigned int first;
	int last; /* that descriptors_close() looks at; -1: all are closed by one call */
};

/*
 * nsctl's own descriptors close at exec anyway.  Of the caller's, enter keeps
 * those that were asked for: -EBADF where one is not open.  nsenter keeps all,
 * for scripts that rely on it, except directories where the root changes: they
 * are a way out of it (CVE-2024-21626).
 */
plan_fn descriptors_plan;
apply_fn descriptors_apply; /* before the join: it may read /proc/self/fd */

/* As the last before the program is executed: see own_files.h. */
apply_fn descriptors_close;

#endif
