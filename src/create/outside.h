/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The process that stays in the caller's namespaces while another one creates new
 * ones: it writes the id maps that need privileges there, and makes the new
 * namespaces last.  Whichever of the processes is killed before the program is
 * executed, nothing is left.
 */
#ifndef NSCTL_CREATE_OUTSIDE_H
#define NSCTL_CREATE_OUTSIDE_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"

struct creation;

struct outside {
	pid_t pid;   /* 0: there is none */
	int channel; /* to it; -1 */
};

#define OUTSIDE_NONE ((struct outside){.channel = -1})

/* Starts the process, if the creation needs one.  Returns 0 or a negative errno. */
int outside_start(struct creation *creation, struct error *err);

/* Has it write the id maps: the user namespace was created.  Returns 0 or a negative errno, with err. */
int outside_write_maps(struct creation *creation, struct error *err);

/*
 * Has it mount and name the namespaces, and connect the network: everything
 * was created.  After an error it has undone what it did.  Returns 0 or a
 * negative errno, with err.
 */
int outside_make_last(struct creation *creation, struct error *err);

/*
 * Makes the outer process keep what it made: the program is about to be executed.
 * Returns 0 or a negative errno, with err.
 */
int outside_commit(const struct creation *creation, struct error *err);

/* Makes the outer process undo what it made: the program could not be executed. */
void outside_undo(const struct creation *creation);

/*
 * Lets it end once the program is executed: closes this process's end of the
 * channel, unless the network needs it until the program has ended.
 */
void outside_leave(struct creation *creation);

/* Closes the channel, and waits until it has ended. */
void outside_end(struct outside *outside);

#endif
