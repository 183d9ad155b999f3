/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is read from one descriptor and not yet written to another; and the caller's outputs. */
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

/* Standard output or error of the caller, or the same terminal opened anew. */
struct caller_output {
	int fd;
	size_t most; /* bytes that one write(2) takes without blocking after POLLOUT */
};

/* fd: STDOUT_FILENO or STDERR_FILENO.  Before another /proc is entered.  Closed by caller_output_close(). */
struct caller_output caller_output_open(int fd);

void caller_output_close(struct caller_output *output);

#endif
