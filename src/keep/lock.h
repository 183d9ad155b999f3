/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A lock that is waited for no longer than another nsctl needs it. */
#ifndef NSCTL_KEEP_LOCK_H
#define NSCTL_KEEP_LOCK_H

#include <stdbool.h>

/* Takes the lock (flock(2)) if nobody has it.  It ends with the last descriptor of the open file. */
bool lock_try(int fd);

/*
 * The same, and waits at most 5 seconds.  Returns 0; -ETIMEDOUT, as the process that
 * has it may be stopped; or another negative errno.
 */
int lock_wait(int fd);

#endif
