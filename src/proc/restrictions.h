/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What keeps a caller from creating namespaces, beyond its capabilities: limits,
 * security modules, filters, a chroot.  All of it is read below /proc, if that is a
 * procfs; nothing is changed.
 */
#ifndef NSCTL_PROC_RESTRICTIONS_H
#define NSCTL_PROC_RESTRICTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ns/type.h"

/* Reads a file of /proc/sys that has one number, "kernel/unprivileged_userns_clone".  False if it is not
 * there. */
bool restrictions_read_sysctl(const char *name, uint64_t *number);

/*
 * Reads the limit of namespaces of this type that one user may create in the caller's user
 * namespace, /proc/sys/user/max_TYPE_namespaces (Linux 4.9).  *name is its name as
 * sysctl(8) takes it, "user.max_net_namespaces"; constant.  False if it is not known.
 */
bool restrictions_read_limit(enum ns_type type, const char **name, uint64_t *limit);

/* Whether the kernel was built without this type, or is older than it. */
bool restrictions_lack_type(enum ns_type type);

/* Whether a filter of system calls applies to the caller: mode 2 of Seccomp in proc(5). */
bool restrictions_has_seccomp(void);

/* Whether the caller has other threads. */
bool restrictions_has_threads(void);

/*
 * Whether kernel.apparmor_restrict_unprivileged_userns is set (Ubuntu 23.10 and newer): then
 * only programs with a profile that says "userns" get capabilities in a user namespace of
 * their own, unless the caller has CAP_SYS_ADMIN in the initial one.
 */
bool restrictions_by_apparmor(void);

/* Whether kernel.unprivileged_userns_clone of Debian's and Ubuntu's kernels is 0, and the caller
 * unprivileged. */
bool restrictions_by_userns_clone(void);

/* Whether AppArmor took the capabilities of the caller when it created its user namespace: the above,
 * afterwards. */
bool restrictions_took_capabilities(void);

/* Stores the label that a security module gave the caller, as AppArmor's "unconfined".  False if there is
 * none. */
bool restrictions_read_label(char *label, size_t size);

/* Whether the caller's root directory is that of its mnt namespace. */
enum restrictions_root {
	ROOT_OF_NAMESPACE,
	ROOT_CHANGED, /* chroot(2) */
	ROOT_UNKNOWN, /* only CAP_SYS_ADMIN and CAP_SYS_CHROOT can show it */
};
enum restrictions_root restrictions_check_root(void);

/* How many pid namespaces the caller is in, from that of /proc down to its own; 0 if it is not known. */
size_t restrictions_count_pid_levels(void);

#endif
