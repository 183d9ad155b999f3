/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Standard input, output and error of a confined program. */
#ifndef NSCTL_ENTER_STANDARD_STREAMS_H
#define NSCTL_ENTER_STANDARD_STREAMS_H

#include "enter/part.h"

struct pipes;

struct standard_streams {
	int fds[3];  /* of the program, borrowed from the rest; -1: a terminal's, see terminal_attach() */
	int null_fd; /* /dev/null of the container, or an empty pipe; -1: not needed */
	struct pipes *pipes; /* NULL: none */
};

#define STANDARD_STREAMS_NONE ((struct standard_streams){.fds = {-1, -1, -1}, .null_fd = -1})

/*
 * Makes the streams of a program without a terminal.  Those of the caller are not passed
 * on: through a descriptor the program could open the caller's file anew, or change its
 * mode.  They are pipes; an input that is not kept is /dev/null of the container, or
 * empty.  With --detach all are /dev/null: a container without one is an error.
 */
plan_fn standard_streams_plan;
apply_fn standard_streams_apply; /* in the process that becomes the program */
void standard_streams_free(struct standard_streams *streams);

#endif
