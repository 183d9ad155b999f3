/* The numbers by which the network calls net namespaces; see ip-netns(8), "nsid". */
#ifndef NSCTL_NS_NETNSID_H
#define NSCTL_NS_NETNSID_H

#include "ns/ns.h"

#define NETNSID_UNASSIGNED (-1) /* NETNSA_NSID_NOT_ASSIGNED: the caller's namespace has no number for it */

/* A netlink socket of the caller's net namespace: a descriptor, or a negative errno. */
int netnsid_open(void);

/*
 * The number that the caller's net namespace has for another one (RTM_GETNSID,
 * Linux 4.0), or NETNSID_UNASSIGNED.  Returns 0 or a negative errno.
 */
int netnsid_read(int netlink_fd, const struct ns *ns, int *netnsid);

#endif
