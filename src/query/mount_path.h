/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a mount can be reached by its path, and through which process. */
#ifndef NSCTL_QUERY_MOUNT_PATH_H
#define NSCTL_QUERY_MOUNT_PATH_H

#include "snapshot/snapshot.h"

/* The size of a prefix. */
#define MOUNT_PREFIX_SIZE 256

enum mount_access {
	MOUNT_REACHED,
	MOUNT_HIDDEN,     /* the path leads elsewhere: another mount covers it */
	MOUNT_NO_PROCESS, /* no process is in its mnt namespace any more */
	MOUNT_DENIED,     /* this user has no access through the root of a process there */
	MOUNT_UNANSWERED, /* a file system on the way would have to be asked, and may never answer */
	MOUNT_TOO_LONG,   /* the path is too long for a system call */
};

struct mount_path {
	enum mount_access access;
	pid_t pid;        /* a process in the mnt namespace; 0: the caller's own, or there is none */
	unsigned int ups; /* how many directories the root of its mnt namespace is above the process's root */
	bool is_from_root; /* the mount point was found from the root of the mnt namespace */
	bool shows_caller; /* /proc there shows the caller: umount(8) needs it */
};

/* A mount, and where it is; point is borrowed. */
struct mount_query {
	uint32_t mnt_ns; /* SNAPSHOT_NONE: not known */
	uint64_t mount_id;
	const char *point;
};

/*
 * Looks the points up in their mnt namespaces, and proves that each leads to
 * that very mount: a mount below another one has the same path.  Enters no
 * namespace, follows no symbolic link, and asks no file system outside the
 * caller's own mnt namespace (RESOLVE_CACHED, Linux 5.12): a hostile one would
 * never answer.  Helpers do it: a process can block its readers.
 * own_mnt: the caller's mnt namespace, or SNAPSHOT_NONE.  paths[i] is of
 * queries[i].  Returns 0 or -ENOMEM.
 */
int mount_paths_find(const struct snapshot *snapshot, uint32_t own_mnt, const struct mount_query *queries,
		     size_t count, struct mount_path *paths);

/*
 * The same for all mounts of a snapshot.  Returns an array by holder, which the
 * caller frees; NULL without memory.
 */
struct mount_path *mount_paths_of_holders(const struct snapshot *snapshot, uint32_t own_mnt);

/* Stores what precedes the mount point, as seen from the caller: "", or "/proc/1234/root". */
void mount_path_prefix(const struct mount_path *path, char prefix[MOUNT_PREFIX_SIZE]);

#endif
