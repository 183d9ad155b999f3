/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The numbers among the names of a directory: the processes of /proc, threads, descriptors. */
#ifndef NSCTL_BASE_NUMBERS_H
#define NSCTL_BASE_NUMBERS_H

#include <stddef.h>
#include <stdint.h>

/*
 * getdents64(2) into a buffer of one's own: readdir(3) allocates 32 KiB for
 * each directory, and procfs has three for each process.
 */
struct numbers {
	int fd;           /* the directory; closed by numbers_close() */
	const char *name; /* of the last number, as text; until the next */
	size_t length;
	size_t next;
	char buffer[8192] __attribute__((aligned(8)));
};

/* Returns 0, or a negative errno: then there is nothing to close. */
int numbers_open(struct numbers *numbers, int dir_fd, const char *name);

/* Stores the next number and returns 1; 0 at the end; or a negative errno. */
int numbers_next(struct numbers *numbers, uint32_t *number);

void numbers_close(struct numbers *numbers);
#define AUTO_NUMBERS __attribute__((cleanup(numbers_close)))

#endif
