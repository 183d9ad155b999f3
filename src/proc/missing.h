/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Properties of a program that cannot be had: each is an error, or a warning where the user permits that. */
#ifndef NSCTL_PROC_MISSING_H
#define NSCTL_PROC_MISSING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* The most that are listed one by one. */
#define MISSING_MAX 12

struct missing {
	bool permitted;               /* --permit-missing */
	char texts[MISSING_MAX][512]; /* may hold bytes that a process chose: see struct error */
	size_t count;                 /* may be larger than MISSING_MAX */
};

/*
 * err says which property cannot be had, and why.  Returns 0 where that is
 * permitted, having noted it; else -err->number, with --permit-missing as the
 * hint, or as a part of the one that err has.
 */
int missing_note(struct missing *missing, struct error *err);

#endif
