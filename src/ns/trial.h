/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether the caller may create namespaces: tried in a process that ends at once. */
#ifndef NSCTL_NS_TRIAL_H
#define NSCTL_NS_TRIAL_H

#include "ns/type.h"

/*
 * Creates namespaces of these types by one unshare(2) in a child, which takes them with
 * it.  Returns 0; -EIO if a filter of system calls killed the child; or the negative
 * errno of unshare(2) or fork(2).
 */
int ns_try_create(ns_type_set types);

/* The same for types within a new user namespace, which need no privileges outside. */
int ns_try_create_inside(ns_type_set types);

#endif
