/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file system at /proc itself; see proc(5). */
#ifndef NSCTL_PROC_PROCFS_H
#define NSCTL_PROC_PROCFS_H

#include <stdbool.h>

#include "base/error.h"

/*
 * Checks that /proc was mounted for the caller's own pid namespace, and so shows
 * its PIDs.  Returns 0; -EXDEV if it was mounted for a pid namespace above;
 * -ENOENT if no /proc shows the caller; or another negative errno.
 */
int procfs_check_own(void);

/* Whether /proc is mounted with hidepid, and so leaves out processes of other users. */
bool procfs_has_hidden(void);

/* Adds a hint at what to do about hidepid.  Returns what error_hint() does. */
int procfs_hint_at_hidepid(struct error *err);

#endif
