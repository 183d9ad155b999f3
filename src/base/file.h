/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whole small files, read with a bound; files that a hostile party may have put there. */
#ifndef NSCTL_BASE_FILE_H
#define NSCTL_BASE_FILE_H

#include <dirent.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Reads the file name below dir_fd into buffer, and ends it with a NUL.
 * A longer file is truncated to size - 1 bytes.  Returns the length, or a
 * negative errno.
 */
ssize_t file_read_at(int dir_fd, const char *name, char *buffer, size_t size);

/*
 * The same by a single read(2), for files of which the kernel returns all that
 * fits at once: stat, statm, comm, cmdline and cgroup of procfs (proc(5)).  Saves the read
 * that finds the end.
 */
ssize_t file_read_at_once(int dir_fd, const char *name, char *buffer, size_t size);

/*
 * Reads the file name below dir_fd, whatever its length up to limit bytes,
 * into memory that the caller frees; a NUL follows the last byte.  Returns
 * the length, or a negative errno; -EFBIG where it is longer than limit.
 */
ssize_t file_load_at(int dir_fd, const char *name, size_t limit, char **contents);

/* The same from a descriptor, up to its end; a pipe is fine. */
ssize_t file_load_fd(int fd, size_t limit, char **contents);

/*
 * Opens the entries of an open directory, from the first.  dir_fd stays the caller's.
 * Returns 0, or a negative errno: then there is nothing to close.
 */
int file_open_entries(int dir_fd, DIR **entries);

/*
 * Opens a path below dir_fd by openat2(2) (Linux 5.6), with O_CLOEXEC.  Where the
 * kernel cannot tell whether the path stays below, as something was mounted or renamed
 * anywhere meanwhile (EAGAIN), tries again.  Returns a descriptor or a negative errno.
 */
int file_open_resolved(int dir_fd, const char *path, uint64_t flags, uint64_t resolve);

/*
 * Opens path as seen from root_fd, a directory, as a chroot there would see
 * it: symbolic links, absolute ones too, and ".." never lead out of it
 * (openat2(2) with RESOLVE_IN_ROOT, Linux 5.6).  Opens with O_PATH: nothing
 * happens to what the path names, be it a FIFO or a device.  Returns a
 * descriptor (O_CLOEXEC), or a negative errno.
 */
int file_open_in_root(int root_fd, const char *path);

/*
 * Reads at most size - 1 bytes of a regular file of a hostile tree, as
 * file_open_in_root() finds it; any other kind of file is -EINVAL and is
 * never opened.  Returns the length, or a negative errno.
 */
ssize_t file_read_in_root(int root_fd, const char *path, char *buffer, size_t size);

#endif
