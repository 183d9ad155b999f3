/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A mnt namespace that a helper has entered: nothing in it can be trusted, least of all its /proc. */
#ifndef NSCTL_UNMOUNT_INSIDE_H
#define NSCTL_UNMOUNT_INSIDE_H

#include <stdbool.h>

#include "ns/ns.h"
#include "proc/place.h"

struct inside {
	struct ns mnt;         /* the mnt namespace; borrowed */
	const struct ns *held; /* the namespace whose mounts are to go: only type, dev and ino are read */
	int proc_fd;           /* the caller's own procfs, opened before */
	bool is_own;           /* it is the caller's own mnt namespace */

	/* In a helper, by inside_enter(). */
	int outer_fd; /* is_own: the caller's root, which may lie below that of the mnt namespace; else -1 */
	int root_fd;  /* the root of the mnt namespace */
	int fds_fd;   /* /proc/self/fd of the caller's procfs */
};

#define INSIDE ((struct inside){.proc_fd = -1, .outer_fd = -1, .root_fd = -1, .fds_fd = -1})

/*
 * Enters the mnt namespace, and the user namespace that owns it where only that
 * makes the caller privileged.  For a helper: there is no way back.  Returns 0;
 * -EPERM where the caller has no privileges over it; or another negative errno.
 */
int inside_enter(struct inside *inside);

/*
 * Opens a path of any length below dir_fd with O_PATH and these RESOLVE_ flags of
 * openat2(2); never follows a symbolic link.  A file system is asked only where
 * the kernel does not know the path itself, and may never answer.  Returns a
 * descriptor or a negative errno.
 */
int inside_open(int dir_fd, const char *path, uint64_t resolve);

/*
 * Reads the identity of an open file, by statx(2) alone: place_read() may ask
 * /proc, which here is the container's.  -ENOSYS before Linux 5.8.
 */
int inside_identify(int fd, struct place *place);

/* Whether it is the held namespace, on whatever mount. */
bool inside_is_held(const struct inside *inside, const struct place *place);

/*
 * Unmounts lazily the mount that fd, of O_PATH, was opened through: the link in
 * /proc/self/fd leads to it whatever the path has become meanwhile.  What was
 * mounted over its root in this instant goes in its place: nothing of another
 * mnt namespace, as the kernel unmounts only in the caller's own.  Returns 0;
 * -EINVAL where it is locked; or another negative errno.
 */
int inside_unmount(const struct inside *inside, int fd);

#endif
