/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sources of a scan; only scan/ uses them. */
#ifndef NSCTL_SCAN_SOURCES_H
#define NSCTL_SCAN_SOURCES_H

#include "base/map.h"
#include "bpf/btf.h"
#include "scan/kernel_mounts.h"
#include "scan/scan.h"
#include "snapshot/sink.h"

/* The types whose namespaces are emitted: bind mounts are looked for in every mnt namespace. */
static inline ns_type_set scan_types(const struct scan_request *request)
{
	return request->types | (request->mounts ? 1U << NS_MNT : 0);
}

/*
 * Each emits what it finds to the sink.  They return 0; a negative errno where
 * the source as a whole cannot be used; or what the sink returned.  Objects that
 * this user may not see are left out.
 */

/* The tasks below /proc and, where requested, their open files and sockets. */
int scan_tasks_procfs(const struct scan_request *request, const struct sink *sink);

/* The tasks, from a BPF iterator; and ids, owners and parents where the request has relations. */
int scan_tasks_bpf(const struct scan_request *request, const struct kernel_types *types,
		   const struct sink *sink);

/* The namespaces that open files hold, from a BPF iterator.  mounts: which trees are mounted nowhere. */
int scan_files_bpf(const struct scan_request *request, const struct kernel_types *types,
		   struct kernel_mounts *mounts, const struct sink *sink);

/*
 * The second halves of these two: take the records of their iterator from any
 * descriptor, up to its end.  -EPROTO where they are broken.
 */
int scan_task_records(const struct scan_request *request, int records_fd, const struct sink *sink);
int scan_file_records(const struct scan_request *request, struct kernel_mounts *mounts, int records_fd,
		      const struct sink *sink);

/* The namespaces that system calls list: mnt (NS_MNT_GET_NEXT, Linux 6.12), all (listns, 6.19). */
int scan_listns(const struct scan_request *request, const struct sink *sink);

/*
 * Bind mounts of namespaces, in the mnt namespaces that are known.  only: the
 * inodes of those that have some, or NULL where that is not known.
 */
int scan_mounts(const struct scan_request *request, const struct map *only, const struct sink *sink);

/* Ids, owners and parents of the known namespaces, and of the namespaces that this brings. */
int scan_relations(const struct scan_request *request, const struct sink *sink);

/*
 * Runs all sources that the request needs, each of which builds on what those
 * before it found.  engine: ENGINE_BPF or ENGINE_PROCFS.  Returns as they do.
 */
int scan_run_sources(const struct scan_request *request, enum engine engine, const struct sink *sink);

#endif
