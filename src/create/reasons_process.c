/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why no process can be created in new namespaces, or a process cannot change its user or
 * groups there, or make another call that requires a capability.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "create/own_map.h"
#include "create/reasons.h"
#include "create/reasons_shared.h"
#include "proc/capabilities.h"
#include "proc/cgroup.h"
#include "proc/cgroup_resources.h"
#include "proc/process.h"
#include "proc/procfs.h"

/* Opens a directory, if it is the root of a hierarchy of cgroups: in a chroot it may be anything. */
static int open_hierarchy(const char *mount, __fsword_t magic)
{
	AUTO_CLOSE int fd = open(mount, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct statfs fs;

	return fd >= 0 && fstatfs(fd, &fs) == 0 && fs.f_type == magic ? take_fd(&fd) : -1;
}

/*
 * Opens the caller's own cgroup, where systemd(1) mounts them, and stores its path: of
 * the controller pids of cgroup v1, else of cgroup v2.
 */
static int open_own_cgroup(char *path, size_t size)
{
	static const char key[] = ":pids:";
	AUTO_CLOSE int self_fd = procfs_open_self();
	AUTO_CLOSE int root_fd = open_hierarchy("/sys/fs/cgroup/pids", CGROUP_SUPER_MAGIC);
	char text[4096];
	const char *line;

	if (self_fd < 0)
		return -1;
	if (root_fd >= 0 && file_read_at(self_fd, "cgroup", text, sizeof(text)) > 0 &&
	    (line = strstr(text, key))) {
		line += strlen(key);
		snprintf(path, size, "%.*s", (int)strcspn(line, "\n"), line);
		return file_open_in_root(root_fd, path);
	}
	cleanup_close(&root_fd);
	root_fd = open_hierarchy("/sys/fs/cgroup", CGROUP2_SUPER_MAGIC);
	if (root_fd < 0 || process_read_cgroup(self_fd, path, size) < 0)
		return -1;
	return file_open_in_root(root_fd, path);
}

static bool is_full(int dir_fd)
{
	uint64_t limit;
	uint64_t used;

	return cgroup_read_pids_limit(dir_fd, &limit) == 0 && cgroup_read_pids_used(dir_fd, &used) == 0 &&
	       used >= limit;
}

/* Finds the cgroup, of the caller's and those above it, that allows no more processes.  Shortens path to its
 * path. */
static bool find_full_cgroup(char *path, size_t size)
{
	AUTO_CLOSE int dir_fd = open_own_cgroup(path, size);

	while (dir_fd >= 0 && path[0] == '/' && path[1]) {
		int parent_fd;

		if (is_full(dir_fd))
			return true;
		*strrchr(path, '/') = '\0';
		parent_fd = openat(dir_fd, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
		cleanup_close(&dir_fd);
		dir_fd = parent_fd;
	}
	return false;
}

/* The capabilities that a user namespace gives are not enough (copy_process() in the kernel's fork.c). */
static bool is_above_limits(void)
{
	return (capabilities_have(1ULL << CAP_SYS_RESOURCE) || capabilities_have(1ULL << CAP_SYS_ADMIN)) &&
	       capabilities_check_initial_user_ns() == 0;
}

static int explain_limit_of_processes(struct error *err)
{
	struct rlimit limit = {.rlim_cur = RLIM_INFINITY};
	char path[512];

	if (find_full_cgroup(path, sizeof(path))) {
		error_explain(err, "the cgroup '%s' allows no more processes", path);
		return error_hint(err, "raise its pids.max, or end processes of it");
	}
	getrlimit(RLIMIT_NPROC, &limit);
	if (limit.rlim_cur != RLIM_INFINITY && !is_above_limits())
		error_explain(err, "the caller's user may have reached the limit of processes, which is %llu",
			      (unsigned long long)limit.rlim_cur);
	else
		error_explain(err, "a limit of processes may be reached");
	return error_hint(
	    err, "see ulimit -u, pids.max of the cgroup, and sysctl kernel.pid_max and kernel.threads-max");
}

/* Without its first process a pid namespace takes no other; one that never had any has no link yet. */
static bool has_used_pid_ns(void)
{
	struct process_links own;

	process_read_own_links(&own);
	return own.ino[NS_LINK_PID_FOR_CHILDREN] != 0 &&
	       own.ino[NS_LINK_PID_FOR_CHILDREN] != own.ino[NS_LINK_PID];
}

int reasons_of_fork(int number, struct error *err)
{
	error_set_errno(err, number, "cannot create a process");
	if (number == EAGAIN)
		return explain_limit_of_processes(err);
	if (number != ENOMEM || !has_used_pid_ns())
		return -number;
	error_explain(
	    err,
	    "the caller's children have another pid namespace, and its first process may have ended, after "
	    "which it takes no other");
	return error_hint(err, "leave this shell; in place of unshare -p without -f use nsctl new -p");
}

/* setgroups(2) is allowed in a user namespace once gid_map is written, unless it is denied
 * (user_namespaces(7)). */
static int explain_setgroups(struct error *err)
{
	AUTO_CLOSE int self_fd = procfs_open_self();
	char text[16];
	struct error ignored;
	struct id_map map;

	if (self_fd >= 0 && file_read_at(self_fd, "setgroups", text, sizeof(text)) > 0 &&
	    strncmp(text, "deny", 4) == 0) {
		error_explain(err, "setgroups(2) is denied in the user namespace");
		return error_hint(
		    err, "map the groups in another way than by -r, -c or --map-group: with --map-auto");
	}
	if (own_map_read(ID_GROUPS, &map, &ignored) == 0 && map.count == 0) {
		error_explain(err, "the user namespace has no map of groups");
		return error_hint(err, "add --map-auto, or --map-groups=INSIDE:OUTSIDE:COUNT");
	}
	if (capabilities_have(1ULL << CAP_SETGID))
		return reasons_explain(
		    (reason_fn *const[]){reason_may_be_seccomp, reason_may_be_module, NULL}, 0, err);
	error_explain(err, "that requires CAP_SETGID");
	return error_hint(err, "add -U, -r and --map-auto, or run as root");
}

static int explain_change(enum id_kind kind, id_t id, struct error *err)
{
	const struct id_kind_names *names = id_kind_names(kind);
	struct error ignored;
	struct id_map map;
	uint32_t outside;

	if (own_map_read(kind, &map, &ignored) == 0 && !id_map_to_outside(&map, id, &outside)) {
		error_explain(err, "%s %u does not exist in the user namespace", names->noun, id);
		return error_hint(err, "map it: --map-auto, or %s=%u:OUTSIDE:1", names->option, id);
	}
	if (err->number == EPERM && !capabilities_have(1ULL << names->capability)) {
		error_explain(err, "that requires %s", names->cap_name);
		return error_hint(err, "add -U, -r and --map-auto, or run as root");
	}
	if (err->number != EPERM)
		return -err->number;
	return reasons_explain((reason_fn *const[]){reason_is_apparmor_inside, reason_may_be_seccomp,
						    reason_may_be_module, NULL},
			       0, err);
}

int reasons_of_call(int capability, struct error *err)
{
	static const char *const names[] = {
	    [CAP_NET_ADMIN] = "CAP_NET_ADMIN",
	    [CAP_SYS_CHROOT] = "CAP_SYS_CHROOT",
	    [CAP_SYS_ADMIN] = "CAP_SYS_ADMIN",
	};

	if (err->number == EACCES)
		return reasons_explain((reason_fn *const[]){reason_is_apparmor_inside, NULL}, 0, err);
	if (err->number != EPERM)
		return -err->number;
	if (!capabilities_have(1ULL << capability)) {
		error_explain(err, "that requires %s", names[capability]);
		return error_hint(err, "add -U, so that the user namespace gives it, or run as root");
	}
	return reasons_explain((reason_fn *const[]){reason_is_apparmor_inside, reason_may_be_seccomp,
						    reason_may_be_module, NULL},
			       0, err);
}

int reasons_of_credential(enum reasons_credential call, id_t id, int number, struct error *err)
{
	switch (call) {
	case REASONS_SETGROUPS:
		error_set_errno(err, number, "cannot set the supplementary groups");
		return number == EPERM ? explain_setgroups(err) : -number;
	case REASONS_SETGID:
		error_set_errno(err, number, "cannot become group %u", id);
		return explain_change(ID_GROUPS, id, err);
	case REASONS_SETUID:
		break;
	}
	error_set_errno(err, number, "cannot become user %u", id);
	if (number == EAGAIN)
		return explain_limit_of_processes(err);
	return explain_change(ID_USERS, id, err);
}
