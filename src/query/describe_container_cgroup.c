/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "proc/cgroup.h"
#include "proc/cgroup_directory.h"
#include "proc/cgroup_resources.h"
#include "proc/status.h"
#include "query/describe_container.h"
#include "query/own_cgroups.h"

typedef int read_resource_fn(int dir_fd, uint64_t *value);

struct limit_search {
	read_resource_fn *read;
	uint64_t limit;
	size_t above; /* which cgroup sets it */
};

/* A missing file is no limit: the root of a hierarchy has none. */
static int look_at_limit(int dir_fd, size_t above, void *context)
{
	struct limit_search *search = context;
	uint64_t limit;

	if (search->read(dir_fd, &limit) < 0 || limit >= search->limit)
		return 0;
	search->limit = limit;
	search->above = above;
	return 0;
}

/* Stores the path of the cgroup so many levels above. */
static int store_limit_path(const char *path, size_t above, char **limit_path)
{
	char *copy = strdup(path);

	if (!copy)
		return -ENOMEM;
	for (; above > 0 && strrchr(copy, '/'); above--)
		*strrchr(copy, '/') = '\0';
	*limit_path = copy;
	return 0;
}

static int read_limit(const struct own_cgroups *cgroups, const char *controller, read_resource_fn *read,
		      struct container_resource *resource)
{
	struct limit_search search = {.read = read, .limit = RESOURCE_UNLIMITED};
	int ignored; /* then no limit is known */
	const struct own_cgroup *own = own_cgroups_find(cgroups, controller, &ignored);

	resource->limit = RESOURCE_UNLIMITED;
	if (!own)
		return 0;
	cgroup_climb(own->dir_fd, own->depth, look_at_limit, &search);
	resource->limit = search.limit;
	resource->is_limit_above = search.above > 0;
	return search.limit == RESOURCE_UNLIMITED
		   ? 0
		   : store_limit_path(own->path, search.above, &resource->limit_path);
}

/* Reads what its own cgroup alone accounts for.  Returns 0 or -ENOMEM; stores why it could not be read. */
static int read_accounted(const struct own_cgroups *cgroups, const char *controller, read_resource_fn *read,
			  uint64_t *value, int *reason)
{
	const struct own_cgroup *own = own_cgroups_find(cgroups, controller, reason);

	if (own)
		*reason = own->is_shared ? ENOENT : -read(own->dir_fd, value);
	return *reason == ENOMEM ? -ENOMEM : 0;
}

static int read_memory(const struct own_cgroups *cgroups, struct container_use *use)
{
	struct container_resource *memory = &use->memory;
	int ret = read_accounted(cgroups, "memory", cgroup_read_oom_kills, &use->oom_kills, &use->oom_reason);

	if (ret == 0)
		ret = read_accounted(cgroups, "memory", cgroup_read_memory_used, &memory->used,
				     &memory->reason);
	return ret < 0 ? ret : read_limit(cgroups, "memory", cgroup_read_memory_limit, memory);
}

static int read_pids(const struct own_cgroups *cgroups, struct container_use *use)
{
	int ret = read_accounted(cgroups, "pids", cgroup_read_pids_used, &use->pids.used, &use->pids.reason);

	return ret < 0 ? ret : read_limit(cgroups, "pids", cgroup_read_pids_limit, &use->pids);
}

/* With cgroup v1 the time and the limits can be in two hierarchies. */
static int read_cpu(const struct own_cgroups *cgroups, struct container_use *use)
{
	int *reason = &use->throttled_reason;
	int ret = read_accounted(cgroups, "cpuacct", cgroup_read_cpu_used, &use->cpu.used, &use->cpu.reason);

	if (ret == 0)
		ret = read_limit(cgroups, "cpu", cgroup_read_cpu_limit, &use->cpu);
	if (ret == 0)
		ret = read_accounted(cgroups, "cpu", cgroup_read_throttled, &use->throttled, reason);
	if (ret < 0 || *reason != 0)
		return ret;
	return read_accounted(cgroups, "cpu", cgroup_read_throttled_usec, &use->throttled_usec, reason);
}

static bool is_frozen_itself(const struct own_cgroups *cgroups, const char *controller)
{
	int ignored;
	const struct own_cgroup *own = own_cgroups_find(cgroups, controller, &ignored);
	uint64_t number;

	if (!own || own->is_shared)
		return false;
	return cgroup_read_self_freezing(own->dir_fd, &number) == 0 && number == 1;
}

/* Returns 1 if a cgroup that the first process is in is frozen; 0; or a negative errno. */
static int is_frozen(const struct own_cgroups *cgroups)
{
	static const char *const controllers[] = {"freezer", ""};
	int ret = 0;

	for (size_t i = 0; i < sizeof(controllers) / sizeof(controllers[0]) && ret == 0; i++) {
		const struct cgroup_hierarchy *hierarchy =
		    own_cgroups_find_hierarchy(cgroups, controllers[i]);

		if (hierarchy)
			ret = cgroup_is_frozen(hierarchy->dir_fd, hierarchy->depth);
	}
	return ret;
}

static enum container_state read_state(const struct own_cgroups *cgroups, const struct process *process)
{
	struct process_stat stat = {0};
	int frozen = is_frozen(cgroups);

	if (process_read_stat(process, &stat) == 0 && stat.state == 'Z')
		return CONTAINER_ENDED;
	if (frozen < 0)
		return CONTAINER_UNKNOWN;
	if (frozen == 1)
		return is_frozen_itself(cgroups, "freezer") || is_frozen_itself(cgroups, "")
			   ? CONTAINER_PAUSED
			   : CONTAINER_FROZEN;
	return stat.state == 'T' || stat.state == 't' ? CONTAINER_STOPPED : CONTAINER_RUNNING;
}

/* The cgroup that stands for the container, of those that ps shows of its processes. */
static int read_path(const struct own_cgroups *cgroups, const struct process *process,
		     struct container_use *use)
{
	char path[COMMAND_SIZE];
	size_t levels;
	int ret;

	if (process_read_cgroup(process->dir_fd, path, sizeof(path)) < 0)
		return 0;
	ret = containers_cut_cgroup(cgroups->containers, cgroups->container, path, &levels);
	if (ret == -ENOMEM)
		return ret;
	for (size_t i = 0; i < cgroups->hierarchies.count && ret == -ENOENT; i++) {
		const struct cgroup_hierarchy *hierarchy = &cgroups->hierarchies.items[i];

		if (strcmp(hierarchy->path, path) == 0)
			use->is_shared |= own_cgroups_is_shared(cgroups, hierarchy);
	}
	use->path = strdup(path);
	return use->path ? 0 : -ENOMEM;
}

static int read_all(const struct own_cgroups *cgroups, const struct process *process,
		    struct container_use *use)
{
	int ret = read_path(cgroups, process, use);

	use->state = read_state(cgroups, process);
	if (ret == 0)
		ret = read_memory(cgroups, use);
	if (ret == 0)
		ret = read_pids(cgroups, use);
	return ret < 0 ? ret : read_cpu(cgroups, use);
}

int container_read_use(struct containers *containers, const struct container *container,
		       const struct process *process, struct container_use *use)
{
	AUTO_OWN_CGROUPS cgroups = {0};
	int ret = own_cgroups_open(containers, container, process, &cgroups);

	return ret < 0 ? ret : read_all(&cgroups, process, use);
}
