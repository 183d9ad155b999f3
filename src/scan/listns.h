/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's own list of mnt namespaces. */
#ifndef NSCTL_SCAN_LISTNS_H
#define NSCTL_SCAN_LISTNS_H

#include "ns/ns.h"

/* Looks at one; may take ns->fd.  0: go on; anything else ends the walk. */
typedef int listns_fn(struct ns *ns, void *context);

/*
 * Walks all mnt namespaces but the caller's own that this user may see
 * (NS_MNT_GET_NEXT and NS_MNT_GET_PREV, Linux 6.12; they are in the order of
 * their ids, and it requires CAP_SYS_ADMIN).  Returns 0, as without the calls, or
 * what look returned.
 */
int listns_walk_mnt(listns_fn *look, void *context);

#endif
