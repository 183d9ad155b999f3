/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of a hostile tree, read by a helper that can be abandoned. */
#ifndef NSCTL_BASE_BOUNDED_FILE_H
#define NSCTL_BASE_BOUNDED_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * As file_read_in_root(), where a file server below the root may not answer:
 * -ETIMEDOUT then.  The caller must have no other thread.
 */
ssize_t bounded_read_in_root(int root_fd, const char *path, char *buffer, size_t size);

/* Whether file_open_in_root() finds it in time. */
bool bounded_exists_in_root(int root_fd, const char *path);

#endif
