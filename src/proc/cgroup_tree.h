/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tree of cgroups that systemd, LXC and cgroup namespaces are organized by, and the processes in it. */
#ifndef NSCTL_PROC_CGROUP_TREE_H
#define NSCTL_PROC_CGROUP_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Looks at one cgroup: its directory, its name, its path below the root of the mount.  0 to go on below it.
 */
typedef int cgroup_look_fn(int dir_fd, const char *name, const char *path, void *context);

/* Do not go below this cgroup. */
#define CGROUP_SKIP 1

/*
 * Calls look for each cgroup of the hierarchy that process_read_cgroup() reads
 * paths of, as it is mounted here: that of cgroup v2, and that of systemd with cgroup v1.
 * Goes below a cgroup unless look returns CGROUP_SKIP; ends where it returns something else
 * than 0.  Returns that, 0, or a negative errno.
 */
int cgroup_tree_walk(cgroup_look_fn *look, void *context);

/* Looks at one process of a cgroup.  Returns 0 to go on. */
typedef int cgroup_process_fn(pid_t pid, void *context);

/* Calls look for each process in the cgroup and in those below it.  Returns 0, or what look returned. */
int cgroup_tree_processes(int dir_fd, cgroup_process_fn *look, void *context);

#endif
