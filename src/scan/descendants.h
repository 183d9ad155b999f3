/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pid and user namespaces of a snapshot, and the namespaces directly below each. */
#ifndef NSCTL_SCAN_DESCENDANTS_H
#define NSCTL_SCAN_DESCENDANTS_H

#include "snapshot/snapshot.h"

/* Lists by index, which end with SNAPSHOT_NONE.  All zero is closed. */
struct descendants {
	uint32_t *first; /* the first child of a pid namespace, the first that a user namespace owns */
	uint32_t *next_child;
	uint32_t *next_owned;
};

/* Sorts the namespaces by those above them.  Returns 0 or -ENOMEM; to be closed in any case. */
int descendants_open(const struct snapshot *snapshot, struct descendants *descendants);

void descendants_close(struct descendants *descendants);
#define AUTO_DESCENDANTS __attribute__((cleanup(descendants_close)))

#endif
