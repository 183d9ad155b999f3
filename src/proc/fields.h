/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines of passwd(5) and group(5): fields with colons between them. */
#ifndef NSCTL_PROC_FIELDS_H
#define NSCTL_PROC_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* A part of a line; no NUL ends it. */
struct field {
	const char *start;
	size_t length;
};

/* The most that is read of a file. */
#define FIELDS_LIMIT (1U << 20)

/*
 * Loads the file at path below root_fd, a tree that may be hostile: only a
 * regular file counts, and no more than its first mebibyte.  A helper reads it.
 * The caller frees *text, also after an error.  Returns 0; -ETIMEDOUT if the
 * file system does not answer; or another negative errno.
 */
int fields_load(int root_fd, const char *path, char **text);

/* The same without a helper, so that it may block: only helpers of bounded_run() call it. */
int fields_load_in_helper(int root_fd, const char *path, char **text);

/*
 * Splits the next line that has at least count fields, and moves *text behind
 * it; the last field is the rest of the line.  Returns false at the end.
 */
bool fields_next(const char **text, struct field *fields, size_t count);

/* Copies the field, and a NUL behind it.  Returns false if out is too small. */
bool field_copy(const struct field *field, char *out, size_t size);

/* Reads the field as the id of a user or group.  Returns false if it is none. */
bool field_to_id(const struct field *field, id_t *id);

#endif
