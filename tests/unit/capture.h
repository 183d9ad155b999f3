/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a function prints to a standard descriptor, as text. */
#ifndef NSCTL_TESTS_UNIT_CAPTURE_H
#define NSCTL_TESTS_UNIT_CAPTURE_H

#include <stdio.h>
#include <unistd.h>

struct capture {
	int fd;    /* STDOUT_FILENO or STDERR_FILENO */
	int saved; /* where it led before */
	FILE *file;
};

static inline void capture_start(struct capture *capture, int fd)
{
	fflush(stdout);
	capture->fd = fd;
	capture->saved = dup(fd);
	capture->file = tmpfile();
	if (capture->saved < 0 || !capture->file || dup2(fileno(capture->file), fd) < 0)
		_exit(99);
}

static inline void capture_end(struct capture *capture, char *text, size_t size)
{
	size_t length;

	fflush(stdout);
	rewind(capture->file);
	length = fread(text, 1, size - 1, capture->file);
	text[length] = '\0';
	dup2(capture->saved, capture->fd);
	close(capture->saved);
	fclose(capture->file);
}

#endif
