/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A directory that is a shared mount of itself. */
#ifndef NSCTL_KEEP_SHARED_MOUNT_H
#define NSCTL_KEEP_SHARED_MOUNT_H

/*
 * Makes the directory a bind mount of itself that is shared (mount_namespaces(7)),
 * unless it is one.  *fd is the directory, open for reading; where it is newly
 * mounted, *fd becomes that of the mount.  Two callers at once mount it once, by
 * a lock file below lock_fd, a directory: the mounted directory itself could be
 * locked by whoever can read it.  Returns 0; -EPERM where the caller may not mount;
 * or another negative errno.
 */
int shared_mount_make(const char *path, int lock_fd, int *fd);

#endif
