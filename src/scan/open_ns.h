/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a namespace of a snapshot to the namespace itself, by whatever holds it. */
#ifndef NSCTL_SCAN_OPEN_NS_H
#define NSCTL_SCAN_OPEN_NS_H

#include "ns/ns.h"
#include "scan/descendants.h"

/*
 * scan_open_ns() for a helper of bounded_run(): a task that executes a program,
 * or a mount point below a file system that does not answer, can block it.
 * descendants: of the snapshot; NULL: it finds them itself where it needs them.
 */
int scan_open_ns_in_helper(const struct snapshot *snapshot, const struct descendants *descendants,
			   uint32_t index, struct ns *ns);

#endif
