/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The root and the working directory of the program. */
#ifndef NSCTL_ENTER_DIRECTORIES_H
#define NSCTL_ENTER_DIRECTORIES_H

#include "enter/part.h"

struct directories {
	int given_root_fd;     /* opened from the caller's path; -1: none */
	int given_wd_fd;       /* the same */
	int root_fd;           /* borrowed from plan->seen or given_root_fd; -1: leave the root alone */
	int wd_fd;             /* the same; -1: none */
	bool wd_checked;       /* refuse a working directory outside the root */
	bool wd_stays;         /* with another root: return to the current directory */
	const char *wd_inside; /* a path; NULL: none */
	const char *wd_advice; /* the hint where it cannot be had */
	bool wd_in_root; /* it is looked up without following a link of /proc, and must lie below the root */
};

#define DIRECTORIES_NONE                                                                                     \
	((struct directories){.given_root_fd = -1, .given_wd_fd = -1, .root_fd = -1, .wd_fd = -1})

plan_fn directories_plan;
apply_fn directories_apply; /* after the join; -EXDEV where the working directory lies outside the root */
void directories_free(struct directories *directories);

/* Whether the program keeps the caller's directory tree. */
bool directories_are_kept(const struct plan *plan);

/*
 * Opens the root that the program will have, as far as it can be seen from
 * outside: a new O_PATH descriptor, or -1.
 */
int directories_open_root(const struct plan *plan);

#endif
