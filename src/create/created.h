/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The namespaces that were created, found by the links of the process that created them. */
#ifndef NSCTL_CREATE_CREATED_H
#define NSCTL_CREATE_CREATED_H

#include "create/creation.h"
#include "ns/ns.h"

#define CREATED_LINK_SIZE 32

/*
 * Stores the path of a link below /proc/PID, "ns/pid_for_children": the creator stays
 * in its own pid and time namespaces, and its next child is in the new ones.  Returns path.
 */
const char *created_link(enum ns_type type, char path[CREATED_LINK_SIZE]);

/* Opens the new namespace of this type, which the caller closes.  Returns 0 or a negative errno. */
int created_open(const struct creation *creation, enum ns_type type, struct ns *ns, struct error *err);

#endif
