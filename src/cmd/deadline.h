/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An end for work that a hostile process may draw out. */
#ifndef NSCTL_CMD_DEADLINE_H
#define NSCTL_CMD_DEADLINE_H

#include <stdbool.h>
#include <time.h>

/*
 * Wall time, far more than any of this work needs.  Work that is known to block
 * is bounded before, with a message.
 */
#define DEADLINE_SECONDS 5

/* All zero: none was set. */
struct deadline {
	bool has_timer; /* deleted when the process ends or executes a program (timer_create(2)) */
	timer_t timer;
};

/*
 * Kills this process by SIGKILL, unless deadline_clear() comes first.  A wait
 * for exec_update_lock is ended by a fatal signal only, and SIGKILL alone is
 * fatal whatever the caller has blocked or ignored.  A child does not inherit
 * it.  A second call sets it anew.  Without a free timer (EAGAIN:
 * RLIMIT_SIGPENDING is used up) there is no deadline: a caller can still
 * interrupt the work.
 */
void deadline_set(struct deadline *deadline);

/* Returns 0, or a negative errno: the deadline stands. */
int deadline_clear(struct deadline *deadline);

#endif
