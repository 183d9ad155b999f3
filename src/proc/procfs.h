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

/*
 * Opens /proc, O_PATH, if it is a procfs: in a chroot anything may lie there, also a FIFO
 * whose reader would wait.  Returns a descriptor or a negative errno.
 */
int procfs_open(void);

/* The same for /proc/self. */
int procfs_open_self(void);

/* Whether /proc is mounted with hidepid, and so leaves out processes of other users. */
bool procfs_has_hidden(void);

/* Adds a hint at what to do about hidepid.  Returns what error_hint() does. */
int procfs_hint_at_hidepid(struct error *err);

#endif
