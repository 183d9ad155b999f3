/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why namespaces cannot be created: the kernel's user_namespace.c, ucount.c and fork.c, in their order. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "create/own_map.h"
#include "create/reasons.h"
#include "create/reasons_shared.h"
#include "ns/trial.h"
#include "proc/capabilities.h"
#include "proc/process.h"
#include "proc/restrictions.h"

static bool has_type(ns_type_set types, enum ns_type type)
{
	return types & (1U << type);
}

/* "a net namespace", "an ipc namespace", "user, net and pid namespaces" */
static void format_types(ns_type_set types, char *text, size_t size)
{
	int count = __builtin_popcount(types);
	const char *article = has_type(types, NS_IPC) ? "an " : "a ";
	size_t length = (size_t)snprintf(text, size, "%s", count == 1 ? article : "");
	int left = count;

	for (enum ns_type type = 0; type < NS_TYPE_COUNT && length < size; type++) {
		if (!has_type(types, type))
			continue;
		left--;
		length += (size_t)snprintf(text + length, size - length, "%s%s", ns_type_name(type),
					   left > 1 ? ", " : (left == 1 ? " and " : " "));
	}
	if (length < size)
		snprintf(text + length, size - length, count == 1 ? "namespace" : "namespaces");
}

static bool is_unprivileged(ns_type_set types, struct error *err)
{
	if (has_type(types, NS_USER) || capabilities_have(1ULL << CAP_SYS_ADMIN))
		return false;
	error_explain(err, "that requires CAP_SYS_ADMIN");
	if (geteuid() == 0)
		error_hint(
		    err,
		    "root lacks it here: add -U for a user namespace, or give the container the capability "
		    "(--cap-add SYS_ADMIN)");
	else
		error_hint(err,
			   "add -U, so that it belongs to a user namespace of your own (-r: as its root), "
			   "or run as root");
	return true;
}

static bool is_userns_clone(ns_type_set types, struct error *err)
{
	if (!has_type(types, NS_USER) || !restrictions_by_userns_clone())
		return false;
	error_explain(err, "kernel.unprivileged_userns_clone is 0: only root may create user namespaces");
	error_hint(err, "as root: sysctl kernel.unprivileged_userns_clone=1");
	return true;
}

static bool is_unmapped_caller(ns_type_set types, struct error *err)
{
	struct error missing;

	if (!has_type(types, NS_USER))
		return false;
	for (enum id_kind kind = 0; kind < ID_KIND_COUNT; kind++) {
		if (own_map_check_caller(kind, &missing) != -EPERM)
			continue;
		error_explain(err, "%s", missing.message);
		error_hint(err, "%s", missing.hint);
		return true;
	}
	return false;
}

static bool is_chroot(ns_type_set types, struct error *err)
{
	if (!has_type(types, NS_USER) || restrictions_check_root() != ROOT_CHANGED)
		return false;
	error_explain(err, "the caller is in a chroot, where the kernel allows no user namespace");
	error_hint(err,
		   "use pivot_root(2) in a mnt namespace in place of chroot(2), or run nsctl outside of it");
	return true;
}

static bool is_apparmor(ns_type_set types, struct error *err)
{
	char label[128];

	if (!has_type(types, NS_USER) || !restrictions_by_apparmor())
		return false;
	if (!restrictions_read_label(label, sizeof(label)))
		snprintf(label, sizeof(label), "unconfined");
	error_explain(
	    err,
	    "kernel.apparmor_restrict_unprivileged_userns is 1, and the AppArmor profile of the caller, "
	    "'%s', may not allow it",
	    label);
	error_hint(err, HINT_AT_APPARMOR);
	return true;
}

/* Only the caller's own limit and nesting are ruled out here: EPERM has no other cause of the kernel's. */
static bool may_be_chroot(ns_type_set types, struct error *err)
{
	if (!has_type(types, NS_USER) || restrictions_check_root() != ROOT_UNKNOWN)
		return false;
	error_explain(
	    err, "the caller may be in a chroot, where the kernel allows no user namespace, or a security "
		 "module may refuse it");
	error_hint(err, "compare / with the root directory of process 1; look into the kernel's log: dmesg");
	return true;
}

static const char *name_of_root(void)
{
	return capabilities_check_initial_user_ns() == 0 ? "as root" : "as root of that user namespace";
}

static bool is_limit_zero(ns_type_set types, struct error *err)
{
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		const char *name;
		uint64_t limit;

		if (!has_type(types, type) || !restrictions_read_limit(type, &name, &limit) || limit > 0)
			continue;
		error_explain(err, "%s is 0 in the caller's user namespace", name);
		error_hint(err, "%s: sysctl %s=4096", name_of_root(), name);
		return true;
	}
	return false;
}

static bool is_nested_pid_ns(ns_type_set types, struct error *err)
{
	if (!has_type(types, NS_PID) || restrictions_count_pid_levels() < STATUS_NSPID_MAX)
		return false;
	error_explain(err, "pid namespaces nest at most %d deep", STATUS_NSPID_MAX - 1);
	error_hint(err, "create it from a pid namespace further up");
	return true;
}

/* Each type alone, in a child: which one has reached a limit?  Without privileges, within a user namespace.
 */
static bool find_full_type(ns_type_set types, enum ns_type *full)
{
	ns_type_set with = capabilities_have(1ULL << CAP_SYS_ADMIN) ? 0 : 1U << NS_USER;

	if (has_type(types, NS_USER) && ns_try_create(1U << NS_USER) == -ENOSPC) {
		*full = NS_USER;
		return true;
	}
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		if (!has_type(types, type) || ns_try_create(with | 1U << type) != -ENOSPC)
			continue;
		*full = type;
		return true;
	}
	return false;
}

/* Nothing shows how deep a namespace is nested, but that the initial one is not. */
static const char *name_nesting(enum ns_type type)
{
	struct process_links own;

	process_read_own_links(&own);
	if (type == NS_USER && !ns_is_initial(NS_USER, own.ino[NS_LINK_USER]))
		return ", or user namespaces nest 33 deep already";
	if (type == NS_PID && !ns_is_initial(NS_PID, own.ino[NS_LINK_PID]))
		return ", or pid namespaces nest 32 deep already";
	return "";
}

/* The initial limits of a new user namespace: none (INT_MAX). */
#define NO_LIMIT INT32_MAX

/* A limit counts what one user has created in a user namespace and in all below: an ancestor's may be the
 * reason. */
static bool is_limit_reached(ns_type_set types, struct error *err)
{
	bool is_initial = capabilities_check_initial_user_ns() == 0;
	const char *name;
	uint64_t limit;
	enum ns_type type;

	if (!find_full_type(types, &type) || !restrictions_read_limit(type, &name, &limit))
		return false;
	if (limit >= NO_LIMIT) {
		error_explain(err, "%s of a user namespace above the caller's is reached%s", name,
			      name_nesting(type));
		error_hint(
		    err,
		    "end namespaces that nobody needs (nsctl list), or as root up there: sysctl %s=NUMBER",
		    name);
		return true;
	}
	if (is_initial && !name_nesting(type)[0])
		error_explain(err, "user %u has reached %s, which is %" PRIu64, geteuid(), name, limit);
	else
		error_explain(err, "user %u may have reached %s, which is %" PRIu64 " here%s%s", geteuid(),
			      name, limit, is_initial ? "" : " and may be lower in a user namespace above",
			      name_nesting(type));
	error_hint(err, "end namespaces that nobody needs (nsctl list), or %s: sysctl %s=%" PRIu64,
		   name_of_root(), name, limit < 1024 ? 4096 : 2 * limit);
	return true;
}

static bool was_limit_reached(ns_type_set types, struct error *err)
{
	(void)types;
	error_explain(
	    err,
	    "a limit of namespaces was reached: user.max_*_namespaces of sysctl(8), or how deep they nest");
	error_hint(err, "try again; the limits are in /proc/sys/user");
	return true;
}

static bool is_type_missing(ns_type_set types, struct error *err)
{
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		if (!has_type(types, type) || !restrictions_lack_type(type))
			continue;
		error_explain(err, "this kernel has no %s namespaces: /proc/self/ns/%s is missing",
			      ns_type_name(type), ns_type_name(type));
		error_hint(err, "see nsctl features; leave this type out");
		return true;
	}
	return false;
}

static bool is_threaded(ns_type_set types, struct error *err)
{
	if (!has_type(types, NS_USER) || !restrictions_has_threads())
		return false;
	error_explain(err, "a process with several threads cannot create a user namespace");
	return true;
}

static bool has_pid_ns_for_children(ns_type_set types, struct error *err)
{
	struct process_links own;

	process_read_own_links(&own);
	if (!has_type(types, NS_PID) || own.ino[NS_LINK_PID] == own.ino[NS_LINK_PID_FOR_CHILDREN])
		return false;
	error_explain(err, "the caller's children have another pid namespace already, which it is not in");
	error_hint(err, "start nsctl from a process without one");
	return true;
}

static reason_fn *const of_permission[] = {is_unprivileged,       is_userns_clone,
					   is_unmapped_caller,    is_chroot,
					   is_apparmor,           reason_is_apparmor_inside,
					   reason_may_be_seccomp, may_be_chroot,
					   reason_may_be_module,  NULL};
static reason_fn *const of_access[] = {is_apparmor, reason_may_be_seccomp, reason_may_be_module, NULL};
static reason_fn *const of_space[] = {is_limit_zero, is_nested_pid_ns, is_limit_reached, was_limit_reached,
				      NULL};
static reason_fn *const of_validity[] = {is_type_missing, is_threaded, has_pid_ns_for_children,
					 reason_may_be_seccomp, NULL};
static reason_fn *const of_absence[] = {reason_may_be_seccomp, NULL};

int reasons_of_unshare(ns_type_set types, int number, struct error *err)
{
	char names[128];

	format_types(types, names, sizeof(names));
	error_set_errno(err, number, "cannot create %s", names);
	switch (number) {
	case EPERM:
		return reasons_explain(of_permission, types, err);
	case EACCES:
		return reasons_explain(of_access, types, err);
	case ENOSPC:
	case EUSERS: /* before Linux 4.9 */
		return reasons_explain(of_space, types, err);
	case EINVAL:
		return reasons_explain(of_validity, types, err);
	case ENOSYS:
		return reasons_explain(of_absence, types, err);
	default:
		return -number;
	}
}
