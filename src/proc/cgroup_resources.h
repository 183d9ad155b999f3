/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The limits and the usage of resources of one cgroup, by its files of cgroup v2 or,
 * where these are not there, of cgroup v1 (cgroups(7); Documentation/admin-guide/
 * cgroup-v2.rst and cgroup-v1/ of Linux).  dir_fd is the directory of the cgroup.
 *
 * All functions return 0; -ENOENT where the cgroup has no such file, as the root of a
 * hierarchy or one without the controller; -EPROTO where the file cannot be parsed;
 * or another negative errno.  On error the value is unspecified.
 */
#ifndef NSCTL_PROC_CGROUP_RESOURCES_H
#define NSCTL_PROC_CGROUP_RESOURCES_H

#include <stdint.h>

/* A limit that is not set. */
#define RESOURCE_UNLIMITED UINT64_MAX

/* Bytes; a limit may be RESOURCE_UNLIMITED. */
int cgroup_read_memory_limit(int dir_fd, uint64_t *limit);
int cgroup_read_memory_used(int dir_fd, uint64_t *used);

/* Processes and threads; a limit may be RESOURCE_UNLIMITED. */
int cgroup_read_pids_limit(int dir_fd, uint64_t *limit);
int cgroup_read_pids_used(int dir_fd, uint64_t *used);

/* Thousandths of a processor; may be RESOURCE_UNLIMITED. */
int cgroup_read_cpu_limit(int dir_fd, uint64_t *limit);

/* Microseconds of processor time. */
int cgroup_read_cpu_used(int dir_fd, uint64_t *used);

/* Processes that were killed for lack of memory (Linux 4.13). */
int cgroup_read_oom_kills(int dir_fd, uint64_t *kills);

/* Periods in which the limit of processor time was reached. */
int cgroup_read_throttled(int dir_fd, uint64_t *throttled);

/* Microseconds for which it was. */
int cgroup_read_throttled_usec(int dir_fd, uint64_t *usec);

/*
 * 1 if this cgroup itself is to be frozen, not one above it: cgroup.freeze of cgroup v2
 * (Linux 5.2), freezer.self_freezing of cgroup v1 (Linux 3.8).
 */
int cgroup_read_self_freezing(int dir_fd, uint64_t *freezing);

#endif
