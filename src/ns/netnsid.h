/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The numbers that net namespaces have for each other; see ip-netns(8), "nsid". */
#ifndef NSCTL_NS_NETNSID_H
#define NSCTL_NS_NETNSID_H

#include "ns/ns.h"

#define NETNSID_UNASSIGNED (-1) /* NETNSA_NSID_NOT_ASSIGNED: the caller's namespace has no number for it */

/* Opens a netlink socket in the caller's net namespace.  Returns a descriptor or a negative errno. */
int netnsid_open(void);

/*
 * Stores the number that the caller's net namespace has for another one
 * (RTM_GETNSID, Linux 4.0), or NETNSID_UNASSIGNED.  Returns 0 or a negative errno.
 */
int netnsid_read(int netlink_fd, const struct ns *ns, int *netnsid);

#endif
