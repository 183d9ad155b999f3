/* The file system at /proc itself; see proc(5). */
#ifndef NSCTL_PROC_PROCFS_H
#define NSCTL_PROC_PROCFS_H

#include <stdbool.h>

#include "base/error.h"

/*
 * Whether /proc is of the caller's own pid namespace, so that its numbers mean
 * the caller's processes: 0; -EXDEV where it is of one above; -ENOENT where
 * none that shows the caller is mounted; or another negative errno.
 */
int procfs_check_own(void);

/* Whether /proc leaves out processes that are not the caller's: it is mounted with hidepid. */
bool procfs_has_hidden(void);

/* What to do about that.  Returns what error_hint() does. */
int procfs_hint_at_hidepid(struct error *err);

#endif
