/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The state files of runtimes, believed only where nobody else could have put them. */
#ifndef NSCTL_CONTAINER_STATE_FILE_H
#define NSCTL_CONTAINER_STATE_FILE_H

#include <dirent.h>
#include <stddef.h>
#include <sys/types.h>

#include "container/container.h"

/* Far above what the configuration of a container takes. */
#define STATE_FILE_LIMIT ((size_t)4 << 20)

/*
 * Opens a directory of state files, an absolute path within the tree, and keeps it
 * open: the descriptor belongs to containers.  It and every directory above it
 * must belong to root or to user, and be writable by no one else; those of a user must lie
 * on a file system of the kernel's own, as a server of FUSE or NFS may not answer.  Symbolic links of
 * theirs are followed; for another user than the caller, only within one file system
 * (openat2(2), Linux 5.6).  Returns the descriptor, or a negative errno; -EPERM where it
 * is not to be believed, -EXDEV where a link leaves the file system.
 */
int state_directory_open(struct containers *containers, const char *path, uid_t user);

/* Closes all of them. */
void state_directories_close(struct containers *containers);

/*
 * Opens a file for reading, at a relative path of few components below a directory, which
 * state_directory_open() opens.  Each of them must belong to root or to user; nothing on
 * the way is a symbolic link or another mount.  A FIFO or a device is never waited for.
 * Returns a descriptor, or a negative errno.
 */
int state_file_open(struct containers *containers, const char *directory, uid_t user, const char *path);

/*
 * Loads a file as state_file_open() opens it.  Returns the length, or a negative
 * errno; -EFBIG beyond STATE_FILE_LIMIT, or what users_take_bytes() permits.  The caller
 * frees *text; a NUL follows its last byte.
 */
ssize_t state_file_load(struct containers *containers, const char *directory, uid_t user, const char *path,
			char **text);

/* The same for the first size - 1 bytes of the file, or what there is of them. */
ssize_t state_file_read(struct containers *containers, const char *directory, uid_t user, const char *path,
			char *text, size_t size);

/* Looks at one entry of a directory.  Returns 0 to go on, or a negative errno. */
typedef int state_entry_fn(const char *name, void *context);

/*
 * Calls look for each entry of the directory, or of a directory below it; path: NULL,
 * or as for state_file_open().  A directory that cannot be read or believed has none.
 * Returns 0, or what look returned.
 */
int state_directory_each(struct containers *containers, const char *directory, uid_t user, const char *path,
			 state_entry_fn *look, void *context);

#endif
