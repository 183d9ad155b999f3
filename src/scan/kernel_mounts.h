/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mounts of nsfs from the kernel's own list, walked by BPF: also those in no mnt namespace. */
#ifndef NSCTL_SCAN_KERNEL_MOUNTS_H
#define NSCTL_SCAN_KERNEL_MOUNTS_H

#include "base/map.h"
#include "bpf/walker.h"
#include "scan/scan.h"
#include "snapshot/sink.h"

struct kernel_mounts {
	const struct scan_request *request;
	struct walker walker;
	bool is_complete;      /* the list was walked to its end */
	bool has_detached;     /* a tree that is mounted nowhere has some */
	struct map mounted_in; /* inodes of the mnt namespaces that have some */
	struct map trees;      /* from the address of a detached tree's mnt namespace to its first mount */
	uint32_t *next;        /* by mount: the next of the same tree, or MAP_NONE */
	bool *is_held;         /* by first mount: a process that holds the tree is known */
};

/*
 * Walks the list, and adds the namespaces that are mounted.  Where it cannot be
 * walked, nothing is found, and that is no error.  Returns 0 or -ENOMEM; to be
 * closed in any case.
 */
int kernel_mounts_walk(const struct scan_request *request, const struct kernel_types *types,
		       const struct sink *sink, struct kernel_mounts *mounts);

/*
 * Adds the mounts of a detached tree, as held by the process that has a file of
 * the tree open; the first such process of each tree only.  Returns 0 or -ENOMEM.
 */
int kernel_mounts_add_detached(struct kernel_mounts *mounts, const struct record_file *file,
			       const struct sink *sink);

/* Adds the mounts that neither a process nor a mnt namespace led to.  Returns 0 or -ENOMEM. */
int kernel_mounts_finish(const struct kernel_mounts *mounts, const struct sink *sink);

void kernel_mounts_close(struct kernel_mounts *mounts);

#endif
