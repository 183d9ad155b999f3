/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Copies between the caller's terminal and the program's pseudo-terminal. */
#ifndef NSCTL_RUN_RELAY_H
#define NSCTL_RUN_RELAY_H

#include <signal.h>
#include <stdbool.h>

#include "base/error.h"
#include "run/time_limit.h"

struct relay;

/*
 * Standard input is the caller's terminal; standard output need not be one.
 * Takes master_fd, the program's pseudo-terminal, which must be non-blocking:
 * relay_free() closes it.  Opens the standard streams anew, through /proc: before
 * another /proc is entered.  Returns NULL with err where there is no memory; then
 * master_fd is the caller's still.
 */
struct relay *relay_make(int master_fd, struct error *err);

/*
 * Before the program starts: takes what was typed until now, and makes the caller's
 * terminal raw.  signals: those that
 * are blocked, and end relay_until_signal().  Returns 0 or a negative errno.
 */
int relay_start(struct relay *relay, const sigset_t *signals, struct error *err);

/*
 * Copies in both directions until one of the signals is pending: true; or until the
 * limit: false.  It waits for whoever is slow without waiting for anything else, and
 * keeps no more than two buffers.  Where the caller's terminal hangs up, or nobody
 * reads the output any more, the pseudo-terminal hangs up: the program gets SIGHUP
 * from the kernel.
 */
bool relay_until_signal(struct relay *relay, const struct time_limit *limit);

/* The pseudo-terminal gets the size of the caller's terminal. */
void relay_resize(const struct relay *relay);

/* Before this process stops: restores the caller's terminal. */
void relay_pause(struct relay *relay);

/* Once it continues: makes it raw again, as soon as this process is in the foreground. */
void relay_resume(struct relay *relay);

/*
 * After the program has ended: writes the rest of its output, but not later output of
 * other processes in its session.  Waits as long as the caller's terminal takes nothing;
 * if the program was killed, at most a second.  A signal to this process ends the wait.
 */
void relay_finish(struct relay *relay, bool was_killed);

/* Restores the caller's terminal, and lets the pseudo-terminal hang up.  NULL: nothing. */
void relay_free(struct relay *relay);

#endif
