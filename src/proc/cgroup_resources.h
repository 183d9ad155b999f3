/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The limits and the usage of resources of one cgroup, by its files of cgroup v2 or,
 * where these are not there, of cgroup v1 (cgroups(7); Documentation/admin-guide/
 * cgroup-v2.rst and cgroup-v1/ of Linux).  dir_fd is the directory of the cgroup.
 *
 * All functions return 0; -ENOENT where the cgroup has no such file, as the root of a
 * hierarchy or one without the controller; -EPROTO where the file has another form;
 * or another negative errno.
 */
#ifndef NSCTL_PROC_CGROUP_RESOURCES_H
#define NSCTL_PROC_CGROUP_RESOURCES_H

#include <stdint.h>

#define RESOURCE_UNLIMITED UINT64_MAX

/* Bytes. */
int cgroup_read_memory_limit(int dir_fd, uint64_t *limit);
int cgroup_read_memory_used(int dir_fd, uint64_t *used);

/* Processes and threads. */
int cgroup_read_pids_limit(int dir_fd, uint64_t *limit);
int cgroup_read_pids_used(int dir_fd, uint64_t *used);

/* Thousandths of a processor; and microseconds. */
int cgroup_read_cpu_limit(int dir_fd, uint64_t *limit);
int cgroup_read_cpu_used(int dir_fd, uint64_t *used);

/* The processes that were killed for lack of memory (Linux 4.13). */
int cgroup_read_oom_kills(int dir_fd, uint64_t *kills);

/* The periods in which the limit of processor time was reached; and for how many microseconds. */
int cgroup_read_throttled(int dir_fd, uint64_t *throttled);
int cgroup_read_throttled_usec(int dir_fd, uint64_t *usec);

/* 1 if this cgroup itself is to be frozen, not one above it: freezer.self_freezing of v1 (Linux 3.8). */
int cgroup_read_self_freezing(int dir_fd, uint64_t *freezing);

#endif
