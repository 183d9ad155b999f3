/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The cgroup of a process. */
#ifndef NSCTL_PROC_CGROUP_H
#define NSCTL_PROC_CGROUP_H

#include <stddef.h>

/*
 * Stores the path of the cgroup that the process below dir_fd, /proc/PID, is in:
 * that of cgroup v2, also beside cgroup v1 unless it is the root there; else that
 * of systemd, or the first (cgroups(7)).  No process can block this.  Returns 0;
 * -ESRCH if there is none; or another negative errno.
 */
int process_read_cgroup(int dir_fd, char *path, size_t size);

/*
 * The parser of the above: text is the whole of a cgroup file, of lines
 * "ID:CONTROLLERS:PATH", and is changed.  Returns the path, within text, or NULL.
 */
char *cgroup_parse(char *text);

/*
 * As path_below(), for paths of cgroups.  Outside of the caller's cgroup namespace
 * they begin with "/.." (cgroup_namespaces(7)): these are below no cgroup of it.
 */
const char *cgroup_path_below(const char *root, const char *path);

#endif
