/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "proc/restrictions.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/child.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/text.h"
#include "proc/capabilities.h"
#include "proc/mountinfo.h"
#include "proc/place.h"
#include "proc/procfs.h"
#include "proc/status.h"

static bool read_below_proc(const char *name, char *text, size_t size)
{
	AUTO_CLOSE int proc_fd = procfs_open();

	return proc_fd >= 0 && file_read_at(proc_fd, name, text, size) > 0;
}

bool restrictions_read_sysctl(const char *name, uint64_t *number)
{
	char path[128];
	char text[32];

	snprintf(path, sizeof(path), "sys/%s", name);
	return read_below_proc(path, text, sizeof(text)) &&
	       text_parse_digits(text, strcspn(text, "\n"), UINT64_MAX, number);
}

bool restrictions_read_limit(enum ns_type type, const char **name, uint64_t *limit)
{
	static const char *const names[NS_TYPE_COUNT] = {
	    [NS_CGROUP] = "user.max_cgroup_namespaces", [NS_IPC] = "user.max_ipc_namespaces",
	    [NS_MNT] = "user.max_mnt_namespaces",       [NS_NET] = "user.max_net_namespaces",
	    [NS_PID] = "user.max_pid_namespaces",       [NS_TIME] = "user.max_time_namespaces",
	    [NS_USER] = "user.max_user_namespaces",     [NS_UTS] = "user.max_uts_namespaces",
	};
	char path[64];

	*name = names[type];
	snprintf(path, sizeof(path), "user/%s", names[type] + strlen("user."));
	return restrictions_read_sysctl(path, limit);
}

bool restrictions_lack_type(enum ns_type type)
{
	AUTO_CLOSE int proc_fd = procfs_open();
	char path[32];

	snprintf(path, sizeof(path), "self/ns/%s", ns_type_name(type));
	return proc_fd >= 0 && faccessat(proc_fd, path, F_OK, AT_SYMLINK_NOFOLLOW) < 0 && errno == ENOENT;
}

/* Reads the decimal number of a line of the caller's status.  Returns false if it has no such line. */
static bool read_own_status(const char *key, unsigned int *number)
{
	AUTO_CLOSE int self_fd = procfs_open_self();
	AUTO_FREE char *text = NULL;
	char wanted[32];
	const char *line;

	snprintf(wanted, sizeof(wanted), "\n%s:", key);
	if (self_fd < 0 || process_load_status(self_fd, "status", &text) < 0)
		return false;
	line = strstr(text, wanted);
	return line && sscanf(line + strlen(wanted), "%u", number) == 1;
}

bool restrictions_has_seccomp(void)
{
	unsigned int mode;

	return read_own_status("Seccomp", &mode) && mode != 0;
}

bool restrictions_has_threads(void)
{
	unsigned int count;

	return read_own_status("Threads", &count) && count > 1;
}

static bool is_privileged(void)
{
	return capabilities_have(1ULL << CAP_SYS_ADMIN) && capabilities_check_initial_user_ns() == 0;
}

bool restrictions_by_apparmor(void)
{
	uint64_t number;

	return restrictions_read_sysctl("kernel/apparmor_restrict_unprivileged_userns", &number) &&
	       number != 0 && !is_privileged();
}

bool restrictions_by_userns_clone(void)
{
	uint64_t number;

	return restrictions_read_sysctl("kernel/unprivileged_userns_clone", &number) && number == 0 &&
	       !is_privileged();
}

/* AppArmor has a file of its own since Linux 5.8, as other modules may have taken the first one. */
bool restrictions_read_label(char *label, size_t size)
{
	if (!read_below_proc("self/attr/apparmor/current", label, size) &&
	    !read_below_proc("self/attr/current", label, size))
		return false;
	label[strcspn(label, "\n")] = '\0';
	return label[0] != '\0';
}

/* The profile of Ubuntu's package apparmor that such processes get. */
bool restrictions_took_capabilities(void)
{
	static const char profile[] = "unprivileged_userns";
	char label[256];

	return restrictions_read_label(label, sizeof(label)) && strncmp(label, profile, strlen(profile)) == 0;
}

/*
 * Joining one's own mnt namespace moves the root to that of the namespace
 * (mntns_install() in the kernel's namespace.c).  Returns 1 if that is another place,
 * 2 if it cannot be tried.
 */
static int compare_roots(void *context)
{
	int ns_fd = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	struct place before;
	struct place after;

	(void)context;
	if (ns_fd < 0 || place_read(AT_FDCWD, "/", &before) < 0 || setns(ns_fd, CLONE_NEWNS) < 0 ||
	    place_read(AT_FDCWD, "/", &after) < 0)
		return 2;
	return place_is_same(&before, &after) ? 0 : 1;
}

static enum restrictions_root compare_roots_in_child(void)
{
	switch (child_run(compare_roots, NULL)) {
	case 0:
		return ROOT_OF_NAMESPACE;
	case 1:
		return ROOT_CHANGED;
	default:
		return ROOT_UNKNOWN;
	}
}

static int look_for_root(const struct mountinfo_line *line, void *context)
{
	(void)context;
	return strcmp(line->point, "/") == 0 ? 1 : 0;
}

/* mountinfo shows what is below the reader's root: no mount is "/" where that is a plain directory. */
static bool is_root_a_mount(void)
{
	AUTO_CLOSE int proc_fd = procfs_open();

	return proc_fd < 0 || mountinfo_read(proc_fd, "self/mountinfo", look_for_root, NULL) != 0;
}

enum restrictions_root restrictions_check_root(void)
{
	AUTO_CLOSE int proc_fd = procfs_open();

	if (proc_fd < 0)
		return ROOT_UNKNOWN;
	return is_root_a_mount() ? compare_roots_in_child() : ROOT_CHANGED;
}

size_t restrictions_count_pid_levels(void)
{
	AUTO_STATUS struct process_status status = {0};
	AUTO_CLOSE int self_fd = procfs_open_self();
	const struct process self = {.dir_fd = self_fd, .pidfd = -1};

	if (self_fd < 0 || process_read_status(&self, &status) < 0)
		return 0;
	return status.nspid_count;
}
