/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Standard input, output and error of a confined program. */
#ifndef NSCTL_ENTER_STANDARD_STREAMS_H
#define NSCTL_ENTER_STANDARD_STREAMS_H

#include "enter/part.h"

struct standard_streams {
	int fds[3];     /* what replaces the caller's; -1: nothing does */
	int held_fd;    /* what fds share */
	int outputs[3]; /* terminals that are among fds, opened anew; -1: none */
};

#define STANDARD_STREAMS_NONE                                                                                \
	((struct standard_streams){.fds = {-1, -1, -1}, .held_fd = -1, .outputs = {-1, -1, -1}})

/*
 * Decides what the streams are: the caller's; but empty ones for an input that is not
 * kept, and for all where nobody waits for the program.  /dev/null of the caller is
 * replaced by that of the container: through the descriptor a program could change the
 * mode of the host's.  A container without one is an error.  A terminal that is an output
 * can be written to alone: with the caller's descriptor the program would read what is typed.
 */
plan_fn standard_streams_plan;
apply_fn standard_streams_apply; /* in the process that becomes the program */
void standard_streams_free(struct standard_streams *streams);

#endif
