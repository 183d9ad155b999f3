/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The identity of a directory, and the mount by which it is reached. */
#ifndef NSCTL_PROC_PLACE_H
#define NSCTL_PROC_PLACE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct place {
	uint32_t dev_major;
	uint32_t dev_minor;
	uint64_t ino;
	uint64_t mount_id; /* 0 if it is not known */
};

/*
 * Reads the place of the file name below dir_fd; name "": of dir_fd itself.
 * Follows links, magic ones too, mounts nothing, and asks no remote file system.
 * Uses statx(2) (STATX_MNT_ID, Linux 5.8); if a filter of system calls refuses
 * that, fstat(2) and fdinfo, which may ask a file system.  Returns 0 or a
 * negative errno.
 */
int place_read(int dir_fd, const char *name, struct place *place);

/* Whether both are the same directory, by the same mount if the mounts of both are known. */
bool place_is_same(const struct place *one, const struct place *other);

#endif
