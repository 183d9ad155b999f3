/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why the kernel refused to create a namespace, and what to do about it.  Each
 * function takes what was tried and the errno, looks at the machine as the caller
 * sees it, and fills err with one line: what failed, why, and a hint.  A cause that
 * is not certain is named with "may".  Each returns -number, and changes nothing.
 *
 * Call them in the process that failed, before it does anything else.
 */
#ifndef NSCTL_CREATE_REASONS_H
#define NSCTL_CREATE_REASONS_H

#include "base/error.h"
#include "create/id_maps.h"
#include "ns/type.h"
#include "proc/id_kind.h"
#include "proc/status.h"

/* unshare(2), clone(2) or clone3(2) with these types; types may be empty. */
int reasons_of_unshare(ns_type_set types, int number, struct error *err);

/* fork(2): no process could be created, neither the program's nor a helper. */
int reasons_of_fork(int number, struct error *err);

/* Writing uid_map or gid_map, by this writer.  In the outer process: also newuidmap(1) that refused. */
int reasons_of_map(enum id_kind kind, const struct id_map_plan *plan, int number, struct error *err);

/* Writing this choice to /proc/PID/setgroups. */
int reasons_of_setgroups_file(enum setgroups_choice choice, int number, struct error *err);

/* setgroups(2), setresgid(2) or setresuid(2) in a user namespace. */
enum reasons_credential { REASONS_SETGROUPS, REASONS_SETGID, REASONS_SETUID };
int reasons_of_credential(enum reasons_credential call, id_t id, int number, struct error *err);

/*
 * Another call that requires CAP_SYS_ADMIN, CAP_SYS_CHROOT or CAP_NET_ADMIN: adds why to err,
 * which has its errno and says what failed.
 */
int reasons_of_call(int capability, struct error *err);

/*
 * Mounting a file system of this type, "proc", "sysfs", "binfmt_misc" or another, at
 * point, in a process with new namespaces of these types.
 */
int reasons_of_mount(const char *fstype, const char *point, ns_type_set types, int number, struct error *err);

/* Binding a namespace of this type onto a file, so that it lasts.  created: the new types. */
int reasons_of_bind(enum ns_type type, const char *file, ns_type_set created, int number, struct error *err);

#endif
