/* Whether a mount can be reached by its path, and through which process. */
#ifndef NSCTL_QUERY_MOUNT_PATH_H
#define NSCTL_QUERY_MOUNT_PATH_H

#include "snapshot/snapshot.h"

/* Holds a prefix. */
#define MOUNT_PREFIX_SIZE 256

enum mount_access {
	MOUNT_REACHED,
	MOUNT_HIDDEN,     /* the path leads elsewhere: another mount covers it */
	MOUNT_NO_PROCESS, /* no process is in its mnt namespace any more */
	MOUNT_DENIED,     /* this user may not look through the root of a process there */
	MOUNT_UNANSWERED, /* a file system on the way would have to be asked, and may never answer */
	MOUNT_TOO_LONG,   /* no system call takes the path */
};

struct mount_path {
	enum mount_access access;
	pid_t pid;         /* a process in the mnt namespace; 0: the caller's own, or there is none */
	unsigned int ups;  /* how far the root of its mnt namespace is above the process's own root */
	bool is_from_root; /* the mount point was found from the root of the mnt namespace */
};

/* The mnt namespace that was looked at last; all but the first two are of the implementation. */
struct mount_paths {
	const struct snapshot *snapshot;
	uint32_t own_mnt; /* the caller's mnt namespace, or SNAPSHOT_NONE */
	uint32_t mnt_ns;
	pid_t pid;
	unsigned int ups;
	int failure; /* a negative errno: it has no root to look from */
	int dir_fd;  /* /proc/PID */
	int root_fd; /* the process's root */
	int top_fd;  /* the root of the mnt namespace */
};

#define MOUNT_PATHS(of_snapshot, of_own_mnt)                                                                 \
	((struct mount_paths){.snapshot = (of_snapshot),                                                     \
			      .own_mnt = (of_own_mnt),                                                       \
			      .mnt_ns = SNAPSHOT_NONE,                                                       \
			      .dir_fd = -1,                                                                  \
			      .root_fd = -1,                                                                 \
			      .top_fd = -1})

/*
 * Looks the point up in its mnt namespace, and proves that it leads to that
 * very mount: a mount below another one has the same path.  No namespace is
 * entered, no symbolic link followed, and no file system asked but in the
 * caller's own mnt namespace (RESOLVE_CACHED, Linux 5.12): a hostile one would
 * never answer.  Mounts of one mnt namespace should come one after the other.
 */
void mount_path_find(struct mount_paths *paths, uint32_t mnt_ns, uint64_t mount_id, const char *point,
		     struct mount_path *path);

/*
 * Whether /proc there shows the caller, as umount(8) has to find itself in it.
 * Of the mnt namespace that was looked at last.
 */
bool mount_paths_show_caller(const struct mount_paths *paths);

/* What stands before the mount point, as seen from the caller: "", or "/proc/1234/root". */
void mount_path_prefix(const struct mount_path *path, char prefix[MOUNT_PREFIX_SIZE]);

void mount_paths_close(struct mount_paths *paths);
#define AUTO_MOUNT_PATHS __attribute__((cleanup(mount_paths_close)))

#endif
