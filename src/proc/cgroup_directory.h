/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The directories of a process's cgroups, in every hierarchy that is mounted here. */
#ifndef NSCTL_PROC_CGROUP_DIRECTORY_H
#define NSCTL_PROC_CGROUP_DIRECTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Hierarchies of cgroup v1 and v2 together; the kernel has fewer than twenty. */
#define CGROUPS_MAX 32

/* The most that is read of /proc/PID/cgroup, in bytes. */
#define CGROUP_FILE_LIMIT ((size_t)1 << 20)

/* A line of /proc/PID/cgroup, and the state of the search for its cgroup. */
struct cgroup_hierarchy {
	const char *controllers; /* empty for cgroup v2; see cgroups(7) */
	const char *path;        /* as the caller's cgroup namespace shows it */
	bool is_mounted;
	bool is_open;
	int reason;        /* why opening on the last mount failed; 0: no mount shows it */
	int dir_fd;        /* its directory, O_PATH, on a mount known to be of the hierarchy; -1: not open */
	uint64_t mount_id; /* of that mount */
	size_t depth;      /* how many directories above it the mount shows */
};

/* All zero: none.  Closed by cgroup_hierarchies_close(). */
struct cgroup_hierarchies {
	struct cgroup_hierarchy items[CGROUPS_MAX];
	size_t count;
};

/*
 * Splits the text of a cgroup file, in place: the strings are parts of it.  Leaves
 * out the lines that except has, the text of another such file; may be "".
 * Returns 0 or -EPROTO.
 */
int cgroup_hierarchies_parse(char *text, const char *except, struct cgroup_hierarchies *hierarchies);

/* Decides on a hierarchy that was opened: 0, or a negative errno where another mount is to be tried. */
typedef int cgroup_accept_fn(struct cgroup_hierarchy *hierarchy, void *context);

/*
 * Opens their directories by the mounts of the caller, every one of which is tried: one may be hidden or
 * read-only.  accept: may take dir_fd; NULL: accept all.  Returns 0, also where some
 * are not open; or a negative errno if the mounts cannot be read.
 */
int cgroup_hierarchies_open(struct cgroup_hierarchies *hierarchies, cgroup_accept_fn *accept, void *context);

void cgroup_hierarchies_close(struct cgroup_hierarchies *hierarchies);
#define AUTO_CGROUP_HIERARCHIES __attribute__((cleanup(cgroup_hierarchies_close)))

/* Whether the list of controllers, "cpu,cpuacct", has every word of another. */
bool cgroup_has_controllers(const char *controllers, const char *words);

/*
 * Opens a path below the root of a mount of cgroups; "" is the root itself.
 * Returns a descriptor or a negative errno; -EXDEV: another mount hides it.
 */
int cgroup_open_on_mount(int dir_fd, const char *below, int flags, uint64_t mount_id);

/* Looks at one cgroup, so many levels above the first.  Returns 0 to go on. */
typedef int cgroup_climb_fn(int dir_fd, size_t above, void *context);

/* Calls look for the cgroup and for depth of those above it.  Returns 0, what look returned, or a negative
 * errno. */
int cgroup_climb(int dir_fd, size_t depth, cgroup_climb_fn *look, void *context);

/*
 * Whether only root and the user could make the cgroup so many levels above this one:
 * all that the mount shows above that belong to one of them.  To others a part of the tree
 * may be delegated, in which they give cgroups any name.
 */
bool cgroup_is_made_by(int dir_fd, size_t depth, size_t levels, uid_t user);

/* Whether the directory belongs to root or to the user. */
bool cgroup_belongs_to(int dir_fd, uid_t user);

/*
 * Returns 1 where the cgroup or one above it is frozen or being frozen:
 * freezer.state of cgroup v1, cgroup.freeze of v2 (Linux 5.2).  Cgroups above
 * the root of the mount are not visible; with v2, cgroup.events still shows a
 * completed freeze.  Else 0 or a negative errno.
 */
int cgroup_is_frozen(int dir_fd, size_t depth);

#endif
