/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A directory that is a shared mount of itself. */
#ifndef NSCTL_KEEP_SHARED_MOUNT_H
#define NSCTL_KEEP_SHARED_MOUNT_H

/*
 * Makes a directory a bind mount of itself that is shared (mount_namespaces(7)),
 * unless it is one.  It is name below parent_fd; *fd is the same, open for reading.
 * Where it is newly mounted, *fd is closed and becomes that of the mount.
 *
 * Two callers at once mount it once, by a lock file in lock_dir_fd, another
 * directory or the same: everybody that can read the mounted directory itself could
 * lock it.  The file stays where the mount was made, and is removed where it
 * could not be.  Returns 0; -EPERM where the caller may not mount; or another
 * negative errno.
 */
int shared_mount_make(int parent_fd, const char *name, int lock_dir_fd, int *fd);

#endif
