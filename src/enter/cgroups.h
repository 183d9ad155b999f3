/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The cgroups of the target, in every hierarchy that is mounted here. */
#ifndef NSCTL_ENTER_CGROUPS_H
#define NSCTL_ENTER_CGROUPS_H

#include "enter/part.h"
#include "proc/cgroup_directory.h"

/* A cgroup that is open, on a mount known to be of its hierarchy. */
struct cgroup {
	char *path;   /* within the hierarchy, as the caller's cgroup namespace shows it */
	int join_fd;  /* its cgroup.procs, with version 1 its tasks, for writing */
	int dir_fd;   /* its directory, O_PATH */
	size_t depth; /* how many directories above it the mount shows */
	bool is_version_2;
	bool can_freeze; /* its hierarchy is cgroup v2, or has the controller "freezer" */
};

struct cgroups {
	struct cgroup items[CGROUPS_MAX];
	size_t count;
};

/*
 * Opens the target's cgroups.  Leaves out hierarchies in which the caller is in
 * the same cgroup, or that are not mounted here.  Fails where a cgroup cannot be
 * opened, where the mount at a path is not the one in the table of mounts, or
 * where the cgroup is frozen.  For a confined program, a cgroup that cannot be opened is
 * missing.
 */
plan_fn cgroups_plan;
void cgroups_free(struct cgroups *cgroups);

/*
 * Moves the calling process, which must be single-threaded, into each cgroup, except the
 * one it started in.  Refuses a frozen one: the caller would freeze in it, with cgroup v1
 * even for SIGKILL.  A cgroup that is frozen between this check and the move goes
 * unnoticed.
 */
apply_fn cgroups_apply;

/*
 * Returns the directory of the cgroup v2, borrowed, for a child that starts in it; -1 if
 * there is none, or it is frozen.
 */
int cgroups_find_start(const struct plan *plan);

#endif
