/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pipes for the standard streams of a program that is not trusted with the caller's.  With
 * a descriptor of a file, a program of the same user can open it anew for reading and
 * writing (/proc/self/fd), and change its mode.
 */
#ifndef NSCTL_RUN_PIPES_H
#define NSCTL_RUN_PIPES_H

#include <signal.h>
#include <stdbool.h>

#include "base/error.h"
#include "run/time_limit.h"

struct pipes;

/*
 * Makes pipes for output and error, and for the input if it is passed on.  Both outputs
 * are one pipe if they are one file of the caller's: what is written keeps its order.
 * Released by pipes_free().  Returns NULL, with err, if that fails.
 */
struct pipes *pipes_make(bool with_input, struct error *err);

/* Returns the program's end for this stream, borrowed; -1: it has none. */
int pipes_program_end(const struct pipes *pipes, int fd);

/*
 * Before the program starts.  signals: those that are blocked, SIGPIPE among them, and
 * end pipes_until_signal().  Returns 0 or a negative errno.
 */
int pipes_start(struct pipes *pipes, const sigset_t *signals, struct error *err);

/* Once the program's process exists: closes the program's ends in this process. */
void pipes_started(struct pipes *pipes);

/*
 * Copies until one of the signals is pending: true; or until the limit: false.  Where
 * nobody reads the caller's output any more, the program gets SIGPIPE or EPIPE itself.
 */
bool pipes_until_signal(struct pipes *pipes, const struct time_limit *limit);

/*
 * After the program has ended: writes the rest of its output, but not later output of its
 * children.  Waits as long as the caller's output takes nothing; if the program was
 * killed, at most a second.  A signal to this process ends the wait.  Returns 0, or a
 * negative errno: a stream could not be read or written, now or before.
 */
int pipes_finish(struct pipes *pipes, bool was_killed, struct error *err);

void pipes_free(struct pipes *pipes);

#endif
