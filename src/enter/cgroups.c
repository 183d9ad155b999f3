/* The cgroups of a process, in every hierarchy that is mounted here, opened for joining. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "enter/plan.h"

#define MOUNTINFO_LIMIT ((size_t)1 << 24)

/* What opening a hierarchy's cgroup comes to before any mount of it was seen. */
#define NOT_MOUNTED 1

/* One line of mountinfo, as far as cgroups need it; see proc(5). */
struct cgroup_mount {
	const char *root; /* which part of the hierarchy is mounted */
	const char *point;
	const char *fstype;  /* cgroup or cgroup2 */
	const char *options; /* of the super block: v1's controllers are among them */
};

static bool parse_mount(char *line, struct cgroup_mount *mount)
{
	char *tail = strstr(line, " - ");
	const char *head[5];

	if (!tail)
		return false;
	*tail = '\0';
	tail += 3;
	for (size_t i = 0; i < 5; i++) {
		head[i] = strsep(&line, " ");
		if (!head[i])
			return false;
	}
	mount->root = head[3];
	mount->point = head[4];
	mount->fstype = strsep(&tail, " ");
	if (!strsep(&tail, " ") || !tail)
		return false;
	tail[strcspn(tail, "\n")] = '\0';
	mount->options = tail;
	return strcmp(mount->fstype, "cgroup") == 0 || strcmp(mount->fstype, "cgroup2") == 0;
}

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

/* controllers is empty for the unified hierarchy of cgroup v2; see cgroups(7). */
static bool is_mount_of(const struct cgroup_mount *mount, const char *controllers)
{
	if (controllers[0] == '\0')
		return strcmp(mount->fstype, "cgroup2") == 0;
	return strcmp(mount->fstype, "cgroup") == 0 && has_options(mount->options, controllers);
}

static int open_procs(struct plan *plan, const struct cgroup_mount *mount, const char *path,
		      struct error *err)
{
	char file[PATH_MAX];
	size_t root = strcmp(mount->root, "/") == 0 ? 0 : strlen(mount->root);
	int fd;

	if (strncmp(path, mount->root, root) != 0 || strncmp(path, "/..", 3) == 0)
		return error_set(err, ENOENT,
				 "the cgroup '%.400s' of process %d lies outside the caller's view", path,
				 plan->process.pid);
	if ((size_t)snprintf(file, sizeof(file), "%s%s/cgroup.procs", mount->point, path + root) >=
	    sizeof(file))
		return error_set(err, ENAMETOOLONG, "the cgroup of process %d has too long a path",
				 plan->process.pid);
	fd = open(file, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return error_set_errno(err, errno, "cannot open '%.400s'", file);
	plan->cgroup_fds[plan->cgroup_count++] = fd;
	return 0;
}

/* One line of /proc/PID/cgroup: "ID:CONTROLLERS:PATH".  A hierarchy that is not mounted is not joined. */
static int plan_hierarchy(struct plan *plan, char *line, const char *mounts, struct error *err)
{
	AUTO_FREE char *copy = strdup(mounts);
	char *rest = copy;
	const char *controllers;
	char *mount_line;
	int ret = NOT_MOUNTED;

	strsep(&line, ":");
	controllers = strsep(&line, ":");
	if (!copy)
		return error_set_errno(err, ENOMEM, "cannot read the mounts");
	if (!line || plan->cgroup_count == PLAN_CGROUPS_MAX)
		return error_set(err, EPROTO, "cannot read the cgroups of process %d", plan->process.pid);
	/* A mount may be hidden by another one: then the hierarchy is reached elsewhere, or not at all. */
	while ((mount_line = strsep(&rest, "\n")) && ret != 0) {
		struct cgroup_mount mount;

		if (parse_mount(mount_line, &mount) && is_mount_of(&mount, controllers))
			ret = open_procs(plan, &mount, line, err);
	}
	return ret == NOT_MOUNTED ? 0 : ret;
}

int plan_cgroups(struct plan *plan, struct error *err)
{
	AUTO_FREE char *cgroups = strdup(plan->seen.cgroup);
	AUTO_FREE char *mounts = NULL;
	char *rest;
	char *line;
	ssize_t length = cgroups ? 0 : -ENOMEM;

	if (length >= 0)
		length = file_load_at(AT_FDCWD, "/proc/self/mountinfo", MOUNTINFO_LIMIT, &mounts);
	if (length < 0)
		return error_set_errno(err, (int)-length, "cannot read the cgroups of process %d",
				       plan->process.pid);
	rest = cgroups;
	while ((line = strsep(&rest, "\n"))) {
		int ret = line[0] ? plan_hierarchy(plan, line, mounts, err) : 0;

		if (ret < 0)
			return ret;
	}
	if (plan->cgroup_count > 0)
		return 0;
	error_set(err, ENOENT, "no cgroup of process %d can be joined", plan->process.pid);
	return error_hint(err, "no cgroup file system is mounted here");
}
