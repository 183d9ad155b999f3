/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A buffer between two descriptors, and where it is written to. */
#ifndef NSCTL_RUN_COPY_BUFFER_H
#define NSCTL_RUN_COPY_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define COPY_BUFFER_SIZE ((size_t)16 << 10)

struct copy_buffer {
	size_t start; /* of what was not written yet */
	size_t end;
	char bytes[COPY_BUFFER_SIZE];
};

bool copy_buffer_is_empty(const struct copy_buffer *buffer);

/* Reads at most this many bytes into an empty buffer.  Returns what read(2) does. */
ssize_t copy_buffer_fill(struct copy_buffer *buffer, int fd, size_t most);

/* Writes at most this many bytes.  Returns false, with errno, where nothing can be written any more. */
bool copy_buffer_write(struct copy_buffer *buffer, int fd, size_t most);

struct copy_output {
	int fd;      /* -1: closed */
	size_t most; /* bytes that one write(2) takes without blocking after POLLOUT */
};

/*
 * Standard output or error of the caller, or the same terminal opened anew.  Before another
 * /proc is entered.
 */
struct copy_output copy_output_of_caller(int fd);

/* Closes it, unless it is a standard stream. */
void copy_output_close(struct copy_output *output);

/* A terminal refuses to be read in the background; no signal reports the return to the foreground. */
#define COPY_BACKGROUND_MSEC 250

/* How long output waits for the caller after the program has ended, in ms; -1: for ever. */
int copy_patience(bool was_killed);

/*
 * Writes all of the buffer, and waits for the output each time for as long as the patience.
 * Returns 0; -ECANCELED where that is over, or a signal that signal_fd reports ends the
 * wait; or the negative errno of write(2).
 */
int copy_buffer_finish(struct copy_buffer *buffer, const struct copy_output *output, int signal_fd,
		       int patience_msec);

#endif
