/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "enter/cgroups.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "enter/plan.h"
#include "proc/mountinfo.h"

/* A line of /proc/PID/cgroup, and the state of the search for its cgroup. */
struct hierarchy {
	const char *controllers; /* empty for cgroup v2; see cgroups(7) */
	const char *path;
	bool mounted;
	bool open;
	int reason; /* why opening on the last mount failed; 0: no mount shows it */
};

struct search {
	struct hierarchy hierarchies[CGROUPS_MAX];
	size_t count;
	struct cgroups *cgroups;
};

/* Whether the list "a,b,c" has every word of the list "a,c". */
static bool has_options(const char *options, const char *words)
{
	while (*words) {
		size_t length = strcspn(words, ",");
		const char *at = options;

		while (*at && !(strcspn(at, ",") == length && memcmp(at, words, length) == 0)) {
			at += strcspn(at, ",");
			at += *at == ',';
		}
		if (*at == '\0')
			return false;
		words += length;
		words += *words == ',';
	}
	return true;
}

static bool is_mount_of(const struct mountinfo_line *mount, const char *controllers)
{
	if (controllers[0] == '\0')
		return strcmp(mount->fstype, "cgroup2") == 0;
	return strcmp(mount->fstype, "cgroup") == 0 && has_options(mount->options, controllers);
}

/*
 * The part of path below root, without a leading slash; NULL where path is not
 * below root.  Both are relative to the caller's cgroup namespace, and begin
 * with "/.." outside of it.
 */
static const char *path_below(const char *root, const char *path)
{
	size_t length = strcmp(root, "/") == 0 ? 0 : strlen(root);

	if (strncmp(path, root, length) != 0 || (path[length] != '/' && path[length] != '\0'))
		return NULL;
	path += length;
	path += *path == '/';
	if (strncmp(path, "..", 2) == 0 && (path[2] == '/' || path[2] == '\0'))
		return NULL;
	return path;
}

static size_t count_components(const char *path)
{
	size_t count = *path != '\0';

	for (; *path; path++)
		count += *path == '/';
	return count;
}

/* Another mount may hide all or a part of the wanted one. */
static bool is_on_mount(int fd, uint64_t mount_id)
{
	struct statfs fs;
	uint64_t id;

	return mountinfo_read_id(fd, &id) == 0 && id == mount_id && fstatfs(fd, &fs) == 0 &&
	       ((unsigned long)fs.f_type == CGROUP_SUPER_MAGIC ||
		(unsigned long)fs.f_type == CGROUP2_SUPER_MAGIC);
}

/* Opens a path below the mount's root.  Returns a descriptor or a negative errno; -EXDEV: it is hidden. */
static int open_on_mount(int dir_fd, const char *below, int flags, uint64_t mount_id)
{
	AUTO_CLOSE int fd = openat(dir_fd, *below ? below : ".", flags | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	return is_on_mount(fd, mount_id) ? take_fd(&fd) : -EXDEV;
}

static int open_cgroup(const struct mountinfo_line *mount, const char *path, const char *below,
		       struct cgroup *cgroup)
{
	int flags = O_PATH | O_DIRECTORY;
	AUTO_CLOSE int top = open_on_mount(AT_FDCWD, mount->point, flags, mount->id);
	AUTO_CLOSE int dir = top < 0 ? top : open_on_mount(top, below, flags, mount->id);
	AUTO_CLOSE int procs = dir < 0 ? dir : open_on_mount(dir, "cgroup.procs", O_WRONLY, mount->id);
	char *copy;

	if (procs < 0)
		return procs;
	copy = strdup(path);
	if (!copy)
		return -ENOMEM;
	*cgroup = (struct cgroup){
	    .path = copy,
	    .procs_fd = take_fd(&procs),
	    .dir_fd = take_fd(&dir),
	    .depth = count_components(below),
	};
	return 0;
}

/* Tries every mount of a hierarchy: one may be hidden or read-only. */
static int search_mount(const struct mountinfo_line *mount, void *context)
{
	struct search *search = context;

	if (strncmp(mount->fstype, "cgroup", strlen("cgroup")) != 0)
		return 0;
	for (size_t i = 0; i < search->count; i++) {
		struct hierarchy *hierarchy = &search->hierarchies[i];
		const char *below;
		int ret;

		if (hierarchy->open || !is_mount_of(mount, hierarchy->controllers))
			continue;
		hierarchy->mounted = true;
		below = path_below(mount->root, hierarchy->path);
		if (!below)
			continue;
		ret = open_cgroup(mount, hierarchy->path, below,
				  &search->cgroups->items[search->cgroups->count]);
		hierarchy->reason = -ret;
		hierarchy->open = ret == 0;
		search->cgroups->count += ret == 0;
	}
	return 0;
}

/* Whether text has this line. */
static bool has_line(const char *text, const char *line)
{
	size_t length = strlen(line);

	for (const char *at = text; (at = strstr(at, line)); at++) {
		if ((at == text || at[-1] == '\n') && (at[length] == '\n' || at[length] == '\0'))
			return true;
	}
	return false;
}

/* Lines are "ID:CONTROLLERS:PATH"; the path may have colons. */
static int parse_hierarchies(char *text, const char *own, struct search *search)
{
	char *line;

	while ((line = strsep(&text, "\n"))) {
		const char *controllers;

		if (!line[0] || has_line(own, line))
			continue;
		strsep(&line, ":");
		controllers = strsep(&line, ":");
		if (!line || search->count == CGROUPS_MAX)
			return -EPROTO;
		search->hierarchies[search->count++] =
		    (struct hierarchy){.controllers = controllers, .path = line};
	}
	return 0;
}

static int explain_unopened(const struct hierarchy *hierarchy, pid_t pid, struct error *err)
{
	const char *path = hierarchy->path;

	if (hierarchy->reason == 0) {
		error_set(err, ENOENT, "no mount here shows the cgroup '%.400s' of process %d", path, pid);
		return error_hint(err, "it lies outside the caller's part of the hierarchy");
	}
	if (hierarchy->reason == EXDEV) {
		error_set(err, EXDEV, "cannot reach the cgroup '%.400s' of process %d", path, pid);
		return error_hint(err, "another mount hides the cgroup file system");
	}
	error_set_errno(err, hierarchy->reason, "cannot join the cgroup '%.400s' of process %d", path, pid);
	if (hierarchy->reason == EACCES || hierarchy->reason == EPERM)
		error_hint(err, "it requires write permission for its cgroup.procs, as root has");
	return -err->number;
}

static int check_search(const struct search *search, pid_t pid, struct error *err)
{
	for (size_t i = 0; i < search->count; i++) {
		const struct hierarchy *hierarchy = &search->hierarchies[i];

		if (hierarchy->mounted && !hierarchy->open)
			return explain_unopened(hierarchy, pid, err);
	}
	if (search->cgroups->count > 0 || search->count == 0)
		return 0;
	error_set(err, ENOENT, "no cgroup of process %d can be joined", pid);
	return error_hint(err, "no cgroup file system is mounted here");
}

static int open_all(char *of_process, const char *own, pid_t pid, struct cgroups *cgroups, struct error *err)
{
	struct search search = {.cgroups = cgroups};
	int ret = parse_hierarchies(of_process, own, &search);

	if (ret < 0)
		return error_set_errno(err, -ret, "cannot read the cgroups of process %d", pid);
	ret = mountinfo_read(AT_FDCWD, "/proc/self/mountinfo", search_mount, &search);
	if (ret < 0)
		return error_set_errno(err, -ret, "cannot read /proc/self/mountinfo");
	ret = check_search(&search, pid, err);
	for (size_t i = 0; i < cgroups->count && ret == 0; i++)
		ret = cgroup_check_thawed(&cgroups->items[i], pid, err);
	return ret;
}

int cgroups_plan(const struct enter_request *request, struct plan *plan, struct error *err)
{
	AUTO_FREE char *of_process = NULL;
	AUTO_FREE char *own = NULL;
	ssize_t length;

	if (!request->join_cgroup)
		return 0;
	if (plan_need_process(plan, "--join-cgroup", err) < 0)
		return -err->number;
	of_process = strdup(plan->seen.cgroup);
	length = file_load_at(AT_FDCWD, "/proc/thread-self/cgroup", CGROUP_FILE_LIMIT, &own);
	if (!of_process || length < 0)
		return error_set_errno(err, of_process ? (int)-length : ENOMEM,
				       "cannot read the caller's cgroups");
	return open_all(of_process, own, plan->process.pid, &plan->cgroups, err);
}

void cgroups_free(struct cgroups *cgroups)
{
	for (size_t i = 0; i < cgroups->count; i++) {
		free(cgroups->items[i].path);
		cleanup_close(&cgroups->items[i].procs_fd);
		cleanup_close(&cgroups->items[i].dir_fd);
	}
	cgroups->count = 0;
}

static int join_cgroup(const struct cgroup *cgroup, pid_t pid, struct error *err)
{
	int ret = cgroup_check_thawed(cgroup, pid, err);

	if (ret < 0)
		return ret;
	/* "0" is the writer itself; see cgroups(7). */
	if (write(cgroup->procs_fd, "0", 1) >= 0)
		return 0;
	error_set_errno(err, errno, "cannot join the cgroup '%.400s' of process %d", cgroup->path, pid);
	if (err->number == EACCES || err->number == EPERM)
		error_hint(
		    err,
		    "it requires write permission for cgroup.procs in their common ancestor, as root has");
	else if (err->number == ENOSPC)
		error_hint(err, "its cpuset has no CPUs or no memory nodes");
	else if (err->number == EBUSY)
		error_hint(err,
			   "it delegates controllers to the cgroups below it, and can contain no processes");
	return -err->number;
}

int cgroups_apply(const struct plan *plan, struct error *err)
{
	for (size_t i = 0; i < plan->cgroups.count; i++) {
		int ret = join_cgroup(&plan->cgroups.items[i], plan->process.pid, err);

		if (ret < 0)
			return ret;
	}
	return 0;
}
