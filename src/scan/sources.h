/* The sources of a scan; only scan/ uses them. */
#ifndef NSCTL_SCAN_SOURCES_H
#define NSCTL_SCAN_SOURCES_H

#include "base/map.h"
#include "bpf/btf.h"
#include "scan/kernel_mounts.h"
#include "scan/scan.h"

/* The types whose namespaces are taken in: bind mounts are looked for in every mnt namespace. */
static inline ns_type_set scan_types(const struct scan_request *request)
{
	return request->types | (request->mounts ? 1U << NS_MNT : 0);
}

/*
 * Each adds what it finds to the snapshot.  They return 0, or a negative errno
 * where nothing at all could be had from the source; what a user may not see
 * is left out.
 */

/* The tasks below /proc and, where asked for, their open files and sockets. */
int scan_tasks_procfs(const struct scan_request *request, struct snapshot *snapshot);

/* The tasks, from a BPF iterator; with relations wanted, the ids, owners and parents of their namespaces too.
 */
int scan_tasks_bpf(const struct scan_request *request, const struct kernel_types *types,
		   struct snapshot *snapshot);

/* What open files hold, from a BPF iterator; mounts says which trees are mounted nowhere. */
int scan_files_bpf(const struct scan_request *request, const struct kernel_types *types,
		   struct kernel_mounts *mounts, struct snapshot *snapshot);

/* What the kernel lists: mnt namespaces (NS_MNT_GET_NEXT, Linux 6.12), all of them (listns, 6.19). */
int scan_listed(const struct scan_request *request, struct snapshot *snapshot);

/*
 * Bind mounts of namespaces, in the mnt namespaces that the snapshot has; only:
 * the inodes of those that have some, or NULL where that is not known.
 */
int scan_mounts(const struct scan_request *request, const struct map *only, struct snapshot *snapshot);

/* Ids, owners and parents of what the snapshot has, which may bring more. */
int scan_relations(const struct scan_request *request, struct snapshot *snapshot);

#endif
