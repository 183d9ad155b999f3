/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/text.h"
#include "proc/cgroup.h"
#include "proc/cgroup_directory.h"
#include "proc/status.h"
#include "query/describe_container.h"

/* memory.limit_in_bytes without a limit is the largest number of whole pages in a long. */
#define MEMORY_UNLIMITED (UINT64_C(1) << 62)

#define USEC_PER_SEC 1000000
#define NSEC_PER_USEC 1000

/* A container's own cgroup in one hierarchy; else that of its first process. */
struct own_cgroup {
	int reason;     /* why it could not be opened; 0: it is open */
	bool is_shared; /* with what is no part of the container: use is not its own, limits hold for it */
	int dir_fd;
	size_t depth; /* how many cgroups above it can be seen */
	char *path;
};

/* The cgroups of another process. */
struct others {
	char *text;
	struct cgroup_hierarchies hierarchies;
};

struct reading {
	struct containers *containers;
	const struct container *container;
	struct cgroup_hierarchies hierarchies; /* of the first process */
	struct others parent;                  /* both are no part of the container */
	struct others caller;
	struct own_cgroup own[CGROUPS_MAX]; /* in each of the hierarchies */
	size_t own_count;
};

/* The hierarchy of cgroup v1 that has this controller, else that of v2; "": v2.  NULL: neither is here. */
static const struct cgroup_hierarchy *find_hierarchy(const struct reading *reading, const char *controller)
{
	const struct cgroup_hierarchy *version_2 = NULL;

	for (size_t i = 0; i < reading->hierarchies.count; i++) {
		const struct cgroup_hierarchy *hierarchy = &reading->hierarchies.items[i];

		if (!hierarchy->is_open)
			continue;
		if (hierarchy->controllers[0] == '\0')
			version_2 = hierarchy;
		else if (controller[0] && cgroup_has_controllers(hierarchy->controllers, controller))
			return hierarchy;
	}
	return version_2;
}

/* Goes up so many directories.  Returns a descriptor or a negative errno. */
static int open_above(int dir_fd, size_t levels)
{
	AUTO_CLOSE int fd = openat(dir_fd, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);

	for (; fd >= 0 && levels > 0; levels--) {
		int above = openat(fd, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);

		cleanup_close(&fd);
		fd = above;
	}
	return fd < 0 ? -errno : take_fd(&fd);
}

static bool has_cgroup(const struct others *others, const struct cgroup_hierarchy *cgroup)
{
	for (size_t i = 0; i < others->hierarchies.count; i++) {
		const struct cgroup_hierarchy *its = &others->hierarchies.items[i];

		if (strcmp(its->controllers, cgroup->controllers) == 0 &&
		    strcmp(its->path, cgroup->path) == 0)
			return true;
	}
	return false;
}

/* Whether a process that is no part of the container is in that cgroup, too. */
static bool is_shared(const struct reading *reading, const struct cgroup_hierarchy *cgroup)
{
	return strcmp(cgroup->path, "/") == 0 || has_cgroup(&reading->parent, cgroup) ||
	       has_cgroup(&reading->caller, cgroup);
}

/* Opens the container's own cgroup in a hierarchy.  Returns 0 or a negative errno. */
static int open_own_cgroup(const struct reading *reading, const struct cgroup_hierarchy *hierarchy,
			   struct own_cgroup *cgroup)
{
	size_t levels;
	int ret;

	if (!hierarchy->is_open)
		return -ENOENT;
	cgroup->path = strdup(hierarchy->path);
	ret = cgroup->path
		  ? containers_cut_cgroup(reading->containers, reading->container, cgroup->path, &levels)
		  : -ENOMEM;
	if (ret == -ENOMEM)
		return ret;
	cgroup->is_shared = ret == -ENOENT && is_shared(reading, hierarchy);
	if (levels > hierarchy->depth)
		return -ENOENT;
	cgroup->depth = hierarchy->depth - levels;
	cgroup->dir_fd = open_above(hierarchy->dir_fd, levels);
	return cgroup->dir_fd < 0 ? cgroup->dir_fd : 0;
}

/* Returns 0 or -ENOMEM. */
static int open_own_cgroups(struct reading *reading)
{
	int ret = 0;

	while (reading->own_count < reading->hierarchies.count && ret != -ENOMEM) {
		struct own_cgroup *own = &reading->own[reading->own_count];

		own->dir_fd = -1;
		ret = open_own_cgroup(reading, &reading->hierarchies.items[reading->own_count++], own);
		own->reason = -ret;
	}
	return ret == -ENOMEM ? ret : 0;
}

static void close_own_cgroups(struct reading *reading)
{
	for (size_t i = 0; i < reading->own_count; i++) {
		cleanup_close(&reading->own[i].dir_fd);
		free(reading->own[i].path);
	}
}

/* In the hierarchy of a controller.  Returns NULL, and why, where it is not open. */
static const struct own_cgroup *find_own_cgroup(const struct reading *reading, const char *controller,
						int *reason)
{
	const struct cgroup_hierarchy *hierarchy = find_hierarchy(reading, controller);
	const struct own_cgroup *own =
	    hierarchy ? &reading->own[hierarchy - reading->hierarchies.items] : NULL;

	*reason = own ? own->reason : ENOENT;
	return *reason == 0 ? own : NULL;
}

/* Reads a number; "max" and "-1" are RESOURCE_UNLIMITED.  Returns 0 or a negative errno. */
static int read_number(int dir_fd, const char *name, uint64_t *number)
{
	char text[64];
	ssize_t length = file_read_at(dir_fd, name, text, sizeof(text));

	if (length < 0)
		return (int)length;
	text[strcspn(text, "\n")] = '\0';
	*number = RESOURCE_UNLIMITED;
	if (strcmp(text, "max") == 0 || strcmp(text, "-1") == 0)
		return 0;
	return text_parse_number(text, UINT64_MAX, number) ? 0 : -EPROTO;
}

/* Reads the number behind a key: "nr_throttled 3". */
static int read_keyed(int dir_fd, const char *name, const char *key, uint64_t *number)
{
	char text[4096];
	ssize_t length = file_read_at(dir_fd, name, text, sizeof(text));
	char *rest = NULL;

	if (length < 0)
		return (int)length;
	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		size_t key_length = strcspn(line, " ");

		if (line[key_length] && text_is_word(line, key_length, key))
			return text_parse_number(line + key_length + 1, UINT64_MAX, number) ? 0 : -EPROTO;
	}
	return -ENOENT;
}

/* The limits and the use in each version: what one of them has no file for, the other has. */
static int read_memory_limit(int dir_fd, uint64_t *limit)
{
	int ret = read_number(dir_fd, "memory.max", limit);

	if (ret == -ENOENT)
		ret = read_number(dir_fd, "memory.limit_in_bytes", limit);
	if (ret == 0 && *limit >= MEMORY_UNLIMITED)
		*limit = RESOURCE_UNLIMITED;
	return ret;
}

static int read_memory_used(int dir_fd, uint64_t *used)
{
	int ret = read_number(dir_fd, "memory.current", used);

	return ret == -ENOENT ? read_number(dir_fd, "memory.usage_in_bytes", used) : ret;
}

static int read_pids_limit(int dir_fd, uint64_t *limit)
{
	return read_number(dir_fd, "pids.max", limit);
}

static int read_pids_used(int dir_fd, uint64_t *used)
{
	return read_number(dir_fd, "pids.current", used);
}

/* "50000 100000" in cpu.max: microseconds in each period. */
static int read_cpu_max(int dir_fd, uint64_t *quota, uint64_t *period)
{
	char text[64];
	ssize_t length = file_read_at(dir_fd, "cpu.max", text, sizeof(text));

	if (length < 0)
		return (int)length;
	*quota = RESOURCE_UNLIMITED;
	if (strncmp(text, "max ", 4) == 0)
		return 0;
	return sscanf(text, "%" SCNu64 " %" SCNu64, quota, period) == 2 ? 0 : -EPROTO;
}

static int read_cpu_limit(int dir_fd, uint64_t *limit)
{
	uint64_t period = 0;
	int ret = read_cpu_max(dir_fd, limit, &period);

	if (ret == -ENOENT) {
		ret = read_number(dir_fd, "cpu.cfs_quota_us", limit);
		if (ret == 0)
			ret = read_number(dir_fd, "cpu.cfs_period_us", &period);
	}
	if (ret < 0 || *limit == RESOURCE_UNLIMITED)
		return ret;
	if (period == 0 || *limit > UINT64_MAX / 1000)
		return -EPROTO;
	*limit = *limit * 1000 / period;
	return 0;
}

static int read_cpu_used(int dir_fd, uint64_t *used)
{
	int ret = read_number(dir_fd, "cpuacct.usage", used);

	if (ret == -ENOENT)
		return read_keyed(dir_fd, "cpu.stat", "usage_usec", used);
	*used /= NSEC_PER_USEC;
	return ret;
}

static int read_oom_kills(int dir_fd, uint64_t *kills)
{
	int ret = read_keyed(dir_fd, "memory.events", "oom_kill", kills);

	return ret == -ENOENT ? read_keyed(dir_fd, "memory.oom_control", "oom_kill", kills) : ret;
}

static int read_throttled(int dir_fd, uint64_t *throttled)
{
	return read_keyed(dir_fd, "cpu.stat", "nr_throttled", throttled);
}

/* With cgroup v1 in nanoseconds. */
static int read_throttled_usec(int dir_fd, uint64_t *usec)
{
	int ret = read_keyed(dir_fd, "cpu.stat", "throttled_usec", usec);

	if (ret != -ENOENT)
		return ret;
	ret = read_keyed(dir_fd, "cpu.stat", "throttled_time", usec);
	*usec /= NSEC_PER_USEC;
	return ret;
}

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

static int read_limit(const struct reading *reading, const char *controller, read_resource_fn *read,
		      struct container_resource *resource)
{
	struct limit_search search = {.read = read, .limit = RESOURCE_UNLIMITED};
	int ignored; /* then no limit is known */
	const struct own_cgroup *own = find_own_cgroup(reading, controller, &ignored);

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
static int read_accounted(const struct reading *reading, const char *controller, read_resource_fn *read,
			  uint64_t *value, int *reason)
{
	const struct own_cgroup *own = find_own_cgroup(reading, controller, reason);

	if (own)
		*reason = own->is_shared ? ENOENT : -read(own->dir_fd, value);
	return *reason == ENOMEM ? -ENOMEM : 0;
}

static int read_memory(const struct reading *reading, struct container_use *use)
{
	struct container_resource *memory = &use->memory;
	int ret = read_accounted(reading, "memory", read_oom_kills, &use->oom_kills, &use->oom_reason);

	if (ret == 0)
		ret = read_accounted(reading, "memory", read_memory_used, &memory->used, &memory->reason);
	return ret < 0 ? ret : read_limit(reading, "memory", read_memory_limit, memory);
}

static int read_pids(const struct reading *reading, struct container_use *use)
{
	int ret = read_accounted(reading, "pids", read_pids_used, &use->pids.used, &use->pids.reason);

	return ret < 0 ? ret : read_limit(reading, "pids", read_pids_limit, &use->pids);
}

/* With cgroup v1 the time and the limits can be in two hierarchies. */
static int read_cpu(const struct reading *reading, struct container_use *use)
{
	int *reason = &use->throttled_reason;
	int ret = read_accounted(reading, "cpuacct", read_cpu_used, &use->cpu.used, &use->cpu.reason);

	if (ret == 0)
		ret = read_limit(reading, "cpu", read_cpu_limit, &use->cpu);
	if (ret == 0)
		ret = read_accounted(reading, "cpu", read_throttled, &use->throttled, reason);
	if (ret < 0 || *reason != 0)
		return ret;
	return read_accounted(reading, "cpu", read_throttled_usec, &use->throttled_usec, reason);
}

/* Whether the cgroup itself is frozen, and not one above it: freezer.self_freezing of v1 (Linux 3.8). */
static bool is_frozen_itself(const struct reading *reading, const char *controller)
{
	int ignored;
	const struct own_cgroup *own = find_own_cgroup(reading, controller, &ignored);
	uint64_t number = 0;

	if (!own || own->is_shared)
		return false;
	if (read_number(own->dir_fd, "cgroup.freeze", &number) == -ENOENT)
		read_number(own->dir_fd, "freezer.self_freezing", &number);
	return number == 1;
}

/* Returns 1 if a cgroup that the first process is in is frozen; 0; or a negative errno. */
static int is_frozen(const struct reading *reading)
{
	static const char *const controllers[] = {"freezer", ""};
	int ret = 0;

	for (size_t i = 0; i < sizeof(controllers) / sizeof(controllers[0]) && ret == 0; i++) {
		const struct cgroup_hierarchy *hierarchy = find_hierarchy(reading, controllers[i]);

		if (hierarchy)
			ret = cgroup_is_frozen(hierarchy->dir_fd, hierarchy->depth);
	}
	return ret;
}

static enum container_state read_state(const struct reading *reading, const struct process *process)
{
	struct process_stat stat = {0};
	int frozen = is_frozen(reading);

	if (process_read_stat(process, &stat) == 0 && stat.state == 'Z')
		return CONTAINER_ENDED;
	if (frozen < 0)
		return CONTAINER_UNKNOWN;
	if (frozen == 1)
		return is_frozen_itself(reading, "freezer") || is_frozen_itself(reading, "")
			   ? CONTAINER_PAUSED
			   : CONTAINER_FROZEN;
	return stat.state == 'T' || stat.state == 't' ? CONTAINER_STOPPED : CONTAINER_RUNNING;
}

/* The cgroup that stands for the container, of those that ps shows of its processes. */
static int read_path(const struct reading *reading, const struct process *process, struct container_use *use)
{
	char path[COMMAND_SIZE];
	size_t levels;
	int ret;

	if (process_read_cgroup(process->dir_fd, path, sizeof(path)) < 0)
		return 0;
	ret = containers_cut_cgroup(reading->containers, reading->container, path, &levels);
	if (ret == -ENOMEM)
		return ret;
	for (size_t i = 0; i < reading->hierarchies.count && ret == -ENOENT; i++) {
		const struct cgroup_hierarchy *hierarchy = &reading->hierarchies.items[i];

		if (strcmp(hierarchy->path, path) == 0)
			use->is_shared |= is_shared(reading, hierarchy);
	}
	use->path = strdup(path);
	return use->path ? 0 : -ENOMEM;
}

static int read_all(const struct reading *reading, const struct process *process, struct container_use *use)
{
	int ret = read_path(reading, process, use);

	use->state = read_state(reading, process);
	if (ret == 0)
		ret = read_memory(reading, use);
	if (ret == 0)
		ret = read_pids(reading, use);
	return ret < 0 ? ret : read_cpu(reading, use);
}

/* One that ended meanwhile, or cannot be read, is in none. */
static int read_others(const char *path, struct others *others)
{
	ssize_t length = file_load_at(AT_FDCWD, path, CGROUP_FILE_LIMIT, &others->text);

	if (length >= 0)
		cgroup_hierarchies_parse(others->text, "", &others->hierarchies);
	return length == -ENOMEM ? -ENOMEM : 0;
}

static int read_parent(const struct process *process, struct others *parent)
{
	struct process_stat stat;
	char path[64];

	if (process_read_stat(process, &stat) < 0)
		return 0;
	snprintf(path, sizeof(path), "/proc/%d/cgroup", stat.ppid);
	return read_others(path, parent);
}

int container_read_use(struct containers *containers, const struct container *container,
		       const struct process *process, struct container_use *use)
{
	struct reading reading = {.containers = containers, .container = container};
	AUTO_FREE char *text = NULL;
	ssize_t length = file_load_at(process->dir_fd, "cgroup", CGROUP_FILE_LIMIT, &text);
	int ret = length < 0 ? (int)length : cgroup_hierarchies_parse(text, "", &reading.hierarchies);

	if (ret == 0)
		ret = cgroup_hierarchies_open(&reading.hierarchies, NULL, NULL);
	if (ret != -ENOMEM)
		ret = read_parent(process, &reading.parent);
	if (ret != -ENOMEM)
		ret = read_others("/proc/thread-self/cgroup", &reading.caller);
	if (ret != -ENOMEM)
		ret = open_own_cgroups(&reading);
	if (ret != -ENOMEM)
		ret = read_all(&reading, process, use);
	close_own_cgroups(&reading);
	cgroup_hierarchies_close(&reading.hierarchies);
	free(reading.parent.text);
	free(reading.caller.text);
	return ret;
}
