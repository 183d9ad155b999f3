/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mounts of a namespace that are at the same point in several mnt namespaces. */
#ifndef NSCTL_QUERY_COPIES_H
#define NSCTL_QUERY_COPIES_H

#include "snapshot/snapshot.h"

/* A new mnt namespace begins with a copy of every mount of the one that it was made from. */
struct mount_copy {
	uint32_t holder;
	uint32_t others;      /* the other mnt namespaces, of a mount that represents its copies */
	bool is_copy;         /* another mount represents it */
	bool has_other_owner; /* a copy is in a mnt namespace with another owner */
};

struct mount_copies {
	struct mount_copy *mounts; /* in the order of the holders */
	size_t count;
};

/*
 * Collects the mounts of a namespace.  Those at one point are represented by
 * the ones in the caller's mnt namespace, else by those in one that has a process.
 * Returns 0 or -ENOMEM.
 */
int mount_copies_find(const struct snapshot *snapshot, uint32_t ns, uint32_t own_mnt,
		      struct mount_copies *copies);

void mount_copies_free(struct mount_copies *copies);
#define AUTO_MOUNT_COPIES __attribute__((cleanup(mount_copies_free)))

#endif
