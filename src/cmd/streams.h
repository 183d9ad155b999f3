/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The standard streams: none of ours takes their place, and lost output is a failure. */
#ifndef NSCTL_CMD_STREAMS_H
#define NSCTL_CMD_STREAMS_H

#include <stdbool.h>

/*
 * Opens something on each standard descriptor that the caller closed: a file
 * opened later would get its number, and messages would be written into it.
 */
void streams_occupy(void);

/*
 * Flushes standard output.  Lost output is a failure, unless the reader has
 * left, as head(1) does.  For util-linux's programs an output that never existed
 * is none either.  Returns the exit status.
 */
int streams_finish(int status, const char *program, bool is_util_linux);

#endif
