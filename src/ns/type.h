/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The eight types of namespace, and the ten links of /proc/PID/ns. */
#ifndef NSCTL_NS_TYPE_H
#define NSCTL_NS_TYPE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* In the order of namespaces(7). */
enum ns_type {
	NS_CGROUP,
	NS_IPC,
	NS_MNT,
	NS_NET,
	NS_PID,
	NS_TIME,
	NS_USER,
	NS_UTS,
	NS_TYPE_COUNT,
};

/* One bit for each type: (1U << NS_NET). */
typedef unsigned int ns_type_set;
#define NS_TYPE_SET_ALL ((1U << NS_TYPE_COUNT) - 1)

/*
 * The links of /proc/PID/ns, in the order in which ls prints them.  Two types
 * have two: what the task is in, and what its next child will be in
 * (pid_for_children since Linux 4.12, time_for_children since 5.6).
 */
enum ns_link {
	NS_LINK_CGROUP,
	NS_LINK_IPC,
	NS_LINK_MNT,
	NS_LINK_NET,
	NS_LINK_PID,
	NS_LINK_PID_FOR_CHILDREN,
	NS_LINK_TIME,
	NS_LINK_TIME_FOR_CHILDREN,
	NS_LINK_USER,
	NS_LINK_UTS,
	NS_LINK_COUNT,
};

/* One bit for each link: (1U << NS_LINK_NET). */
typedef unsigned int ns_link_set;
#define NS_LINK_SET_ALL ((1U << NS_LINK_COUNT) - 1)

/* "net": as in "net:[4026531833]" and /proc/PID/ns/net. */
const char *ns_type_name(enum ns_type type);

/* CLONE_NEWNET: for setns(2), unshare(2), NS_GET_NSTYPE. */
int ns_type_clone_flag(enum ns_type type);

/* Finds a type by the name that the kernel uses. */
bool ns_type_from_name(const char *name, size_t length, enum ns_type *type);

/*
 * Finds a type by any name in use: the kernel's, mount, network and hostname, and
 * each of them with ns behind it, as netns.
 */
bool ns_type_from_any_name(const char *name, size_t length, enum ns_type *type);

#define NS_TYPE_HINT "the types are cgroup, ipc, mnt, net, pid, time, user and uts"

/* Fills err with "unknown namespace type" and the nearest name.  Returns -EINVAL. */
int ns_type_refuse(const char *name, size_t length, struct error *err);

/*
 * Adds the types of a list, names separated by commas, to the set.  A name may be
 * repeated; an empty one is an error.  Returns 0 or -EINVAL.
 */
int ns_type_parse_list(const char *list, ns_type_set *set, struct error *err);

bool ns_type_from_clone_flag(int flag, enum ns_type *type);

/* The CLONE_NEW* flags of every type in the set. */
int ns_type_set_clone_flags(ns_type_set set);

/* "pid_for_children" */
const char *ns_link_name(enum ns_link link);
enum ns_type ns_link_type(enum ns_link link);

/* The link to the namespace that a task is in: never a …_for_children. */
enum ns_link ns_type_link(enum ns_type type);

#endif
