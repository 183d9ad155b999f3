/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "query/own_cgroups.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "proc/process.h"
#include "proc/status.h"

const struct cgroup_hierarchy *own_cgroups_find_hierarchy(const struct own_cgroups *cgroups,
							  const char *controller)
{
	const struct cgroup_hierarchy *version_2 = NULL;

	for (size_t i = 0; i < cgroups->hierarchies.count; i++) {
		const struct cgroup_hierarchy *hierarchy = &cgroups->hierarchies.items[i];

		if (!hierarchy->is_open)
			continue;
		if (hierarchy->controllers[0] == '\0')
			version_2 = hierarchy;
		else if (controller[0] && cgroup_has_controllers(hierarchy->controllers, controller))
			return hierarchy;
	}
	return version_2;
}

/* Returns a descriptor of the cgroup so many levels above, or a negative errno. */
static int open_at_level(int dir_fd, size_t above, void *context)
{
	const size_t *levels = context;
	int fd = 0; /* goes on */

	if (above == *levels)
		fd = fcntl(dir_fd, F_DUPFD_CLOEXEC, 3);
	return fd < 0 ? -errno : fd;
}

static bool has_cgroup(const struct other_cgroups *others, const struct cgroup_hierarchy *cgroup)
{
	for (size_t i = 0; i < others->hierarchies.count; i++) {
		const struct cgroup_hierarchy *its = &others->hierarchies.items[i];

		if (strcmp(its->controllers, cgroup->controllers) == 0 &&
		    strcmp(its->path, cgroup->path) == 0)
			return true;
	}
	return false;
}

bool own_cgroups_is_shared(const struct own_cgroups *cgroups, const struct cgroup_hierarchy *cgroup)
{
	return strcmp(cgroup->path, "/") == 0 || has_cgroup(&cgroups->parent, cgroup) ||
	       has_cgroup(&cgroups->caller, cgroup);
}

/* Opens the container's own cgroup in a hierarchy.  Returns 0 or a negative errno. */
static int open_own_cgroup(const struct own_cgroups *cgroups, const struct cgroup_hierarchy *hierarchy,
			   struct own_cgroup *cgroup)
{
	size_t levels;
	int ret;

	if (!hierarchy->is_open)
		return -ENOENT;
	cgroup->path = strdup(hierarchy->path);
	ret = cgroup->path
		  ? containers_cut_cgroup(cgroups->containers, cgroups->container, cgroup->path, &levels)
		  : -ENOMEM;
	if (ret == -ENOMEM)
		return ret;
	cgroup->is_shared = ret == -ENOENT && own_cgroups_is_shared(cgroups, hierarchy);
	if (levels > hierarchy->depth)
		return -ENOENT;
	cgroup->depth = hierarchy->depth - levels;
	cgroup->dir_fd = cgroup_climb(hierarchy->dir_fd, levels, open_at_level, &levels);
	return cgroup->dir_fd < 0 ? cgroup->dir_fd : 0;
}

/* Returns 0 or -ENOMEM. */
static int open_each(struct own_cgroups *cgroups)
{
	int ret = 0;

	while (cgroups->count < cgroups->hierarchies.count && ret != -ENOMEM) {
		struct own_cgroup *own = &cgroups->items[cgroups->count];

		own->dir_fd = -1;
		ret = open_own_cgroup(cgroups, &cgroups->hierarchies.items[cgroups->count++], own);
		own->reason = -ret;
	}
	return ret == -ENOMEM ? ret : 0;
}

const struct own_cgroup *own_cgroups_find(const struct own_cgroups *cgroups, const char *controller,
					  int *reason)
{
	const struct cgroup_hierarchy *hierarchy = own_cgroups_find_hierarchy(cgroups, controller);
	const struct own_cgroup *own =
	    hierarchy ? &cgroups->items[hierarchy - cgroups->hierarchies.items] : NULL;

	*reason = own ? own->reason : ENOENT;
	return *reason == 0 ? own : NULL;
}

/* A process that has ended, or cannot be read, counts as having no cgroups. */
static int read_others(const char *path, struct other_cgroups *others)
{
	ssize_t length = file_load_at(AT_FDCWD, path, CGROUP_FILE_LIMIT, &others->text);

	if (length >= 0)
		cgroup_hierarchies_parse(others->text, "", &others->hierarchies);
	return length == -ENOMEM ? -ENOMEM : 0;
}

static int read_parent(const struct process *process, struct other_cgroups *parent)
{
	struct process_stat stat;
	char path[64];

	if (process_read_stat(process, &stat) < 0)
		return 0;
	snprintf(path, sizeof(path), "/proc/%d/cgroup", stat.ppid);
	return read_others(path, parent);
}

int own_cgroups_open(struct containers *containers, const struct container *container,
		     const struct process *process, struct own_cgroups *cgroups)
{
	ssize_t length = file_load_at(process->dir_fd, "cgroup", CGROUP_FILE_LIMIT, &cgroups->text);
	int ret =
	    length < 0 ? (int)length : cgroup_hierarchies_parse(cgroups->text, "", &cgroups->hierarchies);

	cgroups->containers = containers;
	cgroups->container = container;
	if (ret == 0)
		ret = cgroup_hierarchies_open(&cgroups->hierarchies, NULL, NULL);
	if (ret != -ENOMEM)
		ret = read_parent(process, &cgroups->parent);
	if (ret != -ENOMEM)
		ret = read_others("/proc/thread-self/cgroup", &cgroups->caller);
	if (ret != -ENOMEM)
		ret = open_each(cgroups);
	return ret == -ENOMEM ? ret : 0;
}

void own_cgroups_close(struct own_cgroups *cgroups)
{
	for (size_t i = 0; i < cgroups->count; i++) {
		cleanup_close(&cgroups->items[i].dir_fd);
		free(cgroups->items[i].path);
	}
	cgroup_hierarchies_close(&cgroups->hierarchies);
	free(cgroups->text);
	free(cgroups->parent.text);
	free(cgroups->caller.text);
}
