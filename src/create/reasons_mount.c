/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why a file system, or a namespace, cannot be mounted: mount_too_revealing() and
 * mnt_ns_loop() of the kernel's namespace.c, and what each file system asks for.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/kernel_release.h"
#include "create/reasons.h"
#include "create/reasons_shared.h"
#include "ns/ns.h"
#include "proc/capabilities.h"
#include "proc/mountinfo.h"
#include "proc/process.h"
#include "proc/procfs.h"

/* File systems that show a namespace: CAP_SYS_ADMIN is required in the user namespace that owns it. */
static const struct shown {
	const char *fstype;
	enum ns_type type;
	const char *options;
} shown[] = {
    {"proc", NS_PID, "-p -f"},   {"sysfs", NS_NET, "-n"},      {"mqueue", NS_IPC, "-i"},
    {"cgroup", NS_CGROUP, "-C"}, {"cgroup2", NS_CGROUP, "-C"},
};

static const struct shown *find_shown(const char *fstype)
{
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
		if (strcmp(fstype, shown[i].fstype) == 0)
			return &shown[i];
	}
	return NULL;
}

/* Whether the caller's namespace of this type belongs to its user namespace.  An owner above it cannot be
 * opened. */
static bool is_owned_by_own(enum ns_type type)
{
	AUTO_CLOSE int self_fd = procfs_open_self();
	const struct process self = {.pid = getpid(), .dir_fd = self_fd, .pidfd = -1};
	AUTO_NS struct ns ns = NS_CLOSED;
	AUTO_NS struct ns owner = NS_CLOSED;
	struct process_links own;

	process_read_own_links(&own);
	if (self_fd < 0 || process_open_ns(&self, ns_type_link(type), &ns) < 0)
		return true;
	return ns_open_owner(&ns, &owner) == 0 && owner.ino == own.ino[NS_LINK_USER];
}

static bool is_foreign(const char *fstype, ns_type_set types, struct error *err)
{
	const struct shown *found = find_shown(fstype);

	if (!found || !(types & (1U << NS_USER)) || is_owned_by_own(found->type))
		return false;
	error_explain(err, "the %s namespace that it would show belongs to another user namespace",
		      ns_type_name(found->type));
	error_hint(err, "add %s, for a new %s namespace", found->options, ns_type_name(found->type));
	return true;
}

static bool is_foreign_place(const char *fstype, ns_type_set types, struct error *err)
{
	(void)fstype;
	(void)types;
	if (is_owned_by_own(NS_MNT))
		return false;
	error_explain(err, "the mnt namespace belongs to another user namespace");
	error_hint(err, "add -m, for a new mnt namespace");
	return true;
}

/* A mount of the file system, and the mounts that hide parts of it. */
struct visible {
	const char *fstype;
	char point[256]; /* of the first such mount; "" */
	char mask[256];  /* of the first mount below it; "" */
	size_t mask_count;
};

static int look_for_point(const struct mountinfo_line *line, void *context)
{
	struct visible *visible = context;

	if (strcmp(line->fstype, visible->fstype) != 0 || strcmp(line->root, "/") != 0)
		return 0;
	snprintf(visible->point, sizeof(visible->point), "%s", line->point);
	return 1;
}

/* Directories that are there only to be mounted on hide nothing: the kernel knows them to be empty. */
static bool is_made_for_mounts(const char *below)
{
	static const char *const directories[] = {"/sys/fs/binfmt_misc", "/fs/nfsd", "/fs/", "/kernel/",
						  "/firmware/efi/"};

	for (size_t i = 0; i < sizeof(directories) / sizeof(directories[0]); i++) {
		if (strncmp(below, directories[i], strlen(directories[i])) == 0)
			return true;
	}
	return false;
}

static int look_for_masks(const struct mountinfo_line *line, void *context)
{
	struct visible *visible = context;
	size_t length = strlen(visible->point);

	if (strncmp(line->point, visible->point, length) != 0 || line->point[length] != '/' ||
	    is_made_for_mounts(line->point + length))
		return 0;
	if (visible->mask_count++ == 0)
		snprintf(visible->mask, sizeof(visible->mask), "%s", line->point);
	return 0;
}

static void find_masks(const char *fstype, struct visible *visible)
{
	AUTO_CLOSE int self_fd = procfs_open_self();

	*visible = (struct visible){.fstype = fstype};
	if (self_fd < 0)
		return;
	mountinfo_read(self_fd, "mountinfo", look_for_point, visible);
	if (visible->point[0])
		mountinfo_read(self_fd, "mountinfo", look_for_masks, visible);
}

/* The kernel mounts proc and sysfs in a user namespace only where one is seen whole already. */
static bool is_masked(const char *fstype, ns_type_set types, struct error *err)
{
	struct visible visible;

	if (!(types & (1U << NS_USER)) || (strcmp(fstype, "proc") != 0 && strcmp(fstype, "sysfs") != 0))
		return false;
	find_masks(fstype, &visible);
	if (visible.point[0] && visible.mask_count == 0)
		return false;
	if (!visible.point[0])
		error_explain(
		    err, "the kernel mounts %s in a user namespace only where it is mounted already", fstype);
	else if (visible.mask_count == 1)
		error_explain(err, "a mount at '%s' hides a part of it, and a new %s would show that",
			      visible.mask, fstype);
	else
		error_explain(err,
			      "%zu mounts, as that at '%s', hide parts of it, and a new %s would show those",
			      visible.mask_count, visible.mask, fstype);
	error_hint(err,
		   "in a container: start it with --security-opt systempaths=unconfined (docker), unmask=ALL "
		   "(podman), procMount: Unmasked (Kubernetes)");
	return true;
}

static bool is_before_binfmt(const char *fstype, ns_type_set types, struct error *err)
{
	if (strcmp(fstype, "binfmt_misc") != 0 || !(types & (1U << NS_USER)) ||
	    kernel_release() >= KERNEL_VERSION(6, 7, 0))
		return false;
	error_explain(err, "a user namespace has a binfmt_misc of its own only since Linux 6.7");
	return true;
}

static bool is_unprivileged(const char *fstype, ns_type_set types, struct error *err)
{
	(void)fstype;
	if (capabilities_have(1ULL << CAP_SYS_ADMIN))
		return false;
	error_explain(err, "that requires CAP_SYS_ADMIN");
	error_hint(err, types & (1U << NS_USER) ? "add -r, so that the program is root inside"
						: "add -U and -r, or run as root");
	return true;
}

static bool is_locked(const char *fstype, ns_type_set types, struct error *err)
{
	if (!(types & (1U << NS_USER)))
		return false;
	error_explain(
	    err, "%s may be read-only in the caller's mnt namespace, or not be allowed in a user namespace",
	    fstype);
	return true;
}

static void explain_permission(const char *fstype, ns_type_set types, struct error *err)
{
	typedef bool mount_reason_fn(const char *type, ns_type_set set, struct error *error);
	static mount_reason_fn *const causes[] = {is_unprivileged, is_foreign_place, is_before_binfmt,
						  is_foreign, is_masked};
	static reason_fn *const modules[] = {reason_is_apparmor_inside, reason_may_be_seccomp, NULL};

	for (size_t i = 0; i < sizeof(causes) / sizeof(causes[0]); i++) {
		if (causes[i](fstype, types, err))
			return;
	}
	reasons_explain(modules, types, err);
	if (!err->hint[0] && !is_locked(fstype, types, err))
		reason_may_be_module(types, err);
}

int reasons_of_mount(const char *fstype, const char *point, ns_type_set types, int number, struct error *err)
{
	const struct shown *found = find_shown(fstype);

	error_set_errno(err, number, "cannot mount %s on '%s'", fstype, point);
	if (number == EPERM || number == EACCES) {
		explain_permission(fstype, types, err);
	} else if (number == EBUSY && found) {
		error_explain(err, "that of the same %s namespace is mounted there already",
			      ns_type_name(found->type));
		error_hint(err, "add %s, for a new %s namespace", found->options, ns_type_name(found->type));
	} else if (number == ENODEV) {
		error_explain(err, "this kernel has no such file system");
		error_hint(err, "load its module as root: modprobe %s", fstype);
	} else if (number == ENOSPC) {
		error_explain(err, "the mnt namespace has as many mounts as it may");
		error_hint(err, "as root: sysctl fs.mount-max=200000");
	} else if (number == ENOENT) {
		error_hint(err, "create the directory first: mkdir -p '%s'", point);
	} else if (number == ENOTDIR) {
		error_hint(err, "it has to be a directory");
	}
	return -number;
}

static int explain_bind_permission(ns_type_set created, struct error *err)
{
	if (capabilities_have(1ULL << CAP_SYS_ADMIN) && is_owned_by_own(NS_MNT))
		return reasons_explain(
		    (reason_fn *const[]){reason_may_be_seccomp, reason_may_be_module, NULL}, created, err);
	error_explain(err,
		      "that requires CAP_SYS_ADMIN in the user namespace of the mnt namespace with the file");
	return error_hint(
	    err, "run as root, or work in a user and a mnt namespace of your own: nsctl new -U -r -m");
}

int reasons_of_bind(enum ns_type type, const char *file, ns_type_set created, int number, struct error *err)
{
	error_set_errno(err, number, "cannot mount the %s namespace on '%s'", ns_type_name(type), file);
	switch (number) {
	case EPERM:
	case EACCES:
		return explain_bind_permission(created, err);
	case EINVAL:
		if (type != NS_MNT)
			return -number;
		error_explain(
		    err,
		    "a mnt namespace can be mounted only in one that is older than it, so not in itself, and "
		    "not where mounts propagate to it");
		return error_hint(
		    err, "put the file on a private mount: mount --bind DIR DIR; mount --make-private DIR");
	case ENOENT:
		return error_hint(err, "create the file first: touch '%s'", file);
	case ENOTDIR:
		return error_hint(err, "it has to be a file, not a directory");
	case ENOSPC:
		return error_hint(
		    err,
		    "the mnt namespace has as many mounts as it may: as root, sysctl fs.mount-max=200000");
	default:
		return -number;
	}
}
