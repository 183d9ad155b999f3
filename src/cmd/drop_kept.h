/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names that hold a namespace whose mounts nsctl drop --holders releases. */
#ifndef NSCTL_CMD_DROP_KEPT_H
#define NSCTL_CMD_DROP_KEPT_H

#include "cmd/command.h"
#include "cmd/dropped.h"
#include "keep/keep.h"
#include "snapshot/snapshot.h"

/* All zero at first; drop_kept_close() frees it. */
struct drop_kept {
	struct kept_list list; /* what was kept before, all names */
	/* The namespace of each name that was dropped: while it is open, its inode is not reused. */
	struct dropped_list dropped;
};

/*
 * Drops the names that hold the namespace and nothing else, and says so: a mount
 * that goes alone would leave a name of nothing.  One that cannot be dropped stays, as
 * its mount does.  Returns 0 or a negative errno.
 */
int drop_kept_names(const struct invocation *invocation, const struct snapshot_ns *ns, struct drop_kept *kept,
		    struct error *err);

/* Says which names no longer hold the namespace, and stay. */
void drop_kept_report(const struct invocation *invocation, const struct snapshot_ns *ns,
		      const struct drop_kept *kept);

void drop_kept_close(struct drop_kept *kept);
#define AUTO_DROP_KEPT __attribute__((cleanup(drop_kept_close)))

#endif
