/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A lock that is waited for no longer than another nsctl needs it. */
#ifndef NSCTL_KEEP_LOCK_H
#define NSCTL_KEEP_LOCK_H

#include <stdbool.h>

/* Takes the lock (flock(2)) if nobody has it.  It ends with the last descriptor of the open file. */
bool lock_try(int fd);

/* The same, and waits for seconds.  Returns 0, or -ETIMEDOUT: who has it may be stopped. */
int lock_wait(int fd);

#endif
