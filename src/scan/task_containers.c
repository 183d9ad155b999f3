/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scan/task_containers.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/map.h"
#include "container/container.h"
#include "container/parents.h"
#include "proc/process.h"
#include "proc/status.h"

static int store_text(struct task_details *details, enum detail_text text, const char *value)
{
	if (!value || details->texts[text])
		return 0;
	details->texts[text] = strdup(value);
	return details->texts[text] ? 0 : -ENOMEM;
}

static int store_container(struct task_details *details, const struct container *container)
{
	const struct {
		enum detail_text text;
		const char *value;
	} texts[] = {
	    {TEXT_CONTAINER, container->name}, {TEXT_CONTAINER_ID, container->id},
	    {TEXT_IMAGE, container->image},    {TEXT_RUNTIME, container_runtime(container)},
	    {TEXT_POD, container->pod},
	};
	int ret = 0;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]) && ret == 0; i++)
		ret = store_text(details, texts[i].text, texts[i].value);
	return ret;
}

static ino_t read_own_mnt_ns(void)
{
	AUTO_CLOSE int dir_fd = open("/proc/self", O_PATH | O_DIRECTORY | O_CLOEXEC);
	ino_t ino;

	return process_read_link(dir_fd, NS_LINK_MNT, &ino) == 0 ? ino : 0;
}

/* Tasks that their cgroups do not name: what is known of each mnt namespace that they are in. */
struct unnamed {
	struct containers *containers;
	ino_t own_mnt;
	struct map *by_mnt;       /* to an index among the containers */
	struct map *named_by_mnt; /* to a task of which the container is known */
	bool is_listed;
};

/* A task is in a container without a cgroup of its own if it is in the same mnt namespace as the first
 * process. */
static int add_by_init(struct unnamed *unnamed, uint32_t index)
{
	struct container *container = unnamed->containers->items[index];
	AUTO_PROCESS struct process process = PROCESS_CLOSED;
	struct error ignored; /* it does not run */
	ino_t ino;
	int ret;

	if (container_open_init(unnamed->containers, container, &process, &ignored) < 0)
		return 0;
	if (process_read_link(process.dir_fd, NS_LINK_MNT, &ino) < 0 || ino == unnamed->own_mnt)
		return 0;
	ret = map_add(unnamed->by_mnt, ino, index);
	return ret < 0 ? ret : 0;
}

/* Containers that a cgroup has named already need no other way to be found. */
static int list_unnamed(struct unnamed *unnamed)
{
	int ret;

	if (unnamed->is_listed)
		return 0;
	unnamed->is_listed = true;
	ret = containers_list_without_cgroups(unnamed->containers);
	for (uint32_t i = 0; i < unnamed->containers->count && ret == 0; i++) {
		const struct container *container = unnamed->containers->items[i];

		if (container->is_known && !container->has_processes)
			ret = add_by_init(unnamed, i);
	}
	return ret;
}

/* As that task, which is in the same mnt namespace. */
static int store_same(const struct task_details *named, struct task_details *details)
{
	int ret = 0;

	for (enum detail_text text = TEXT_CONTAINER; text <= TEXT_POD && ret == 0; text++)
		ret = store_text(details, text, named->texts[text]);
	return ret;
}

/* More parents than a program inside has, as a rule. */
#define PARENTS_MAX 64
/* The scan does not have them. */
#define PARENT_UNKNOWN (-1)

/* Returns the first parent that is in the caller's mnt namespace; 0: none but process 1; or PARENT_UNKNOWN.
 */
static pid_t find_parent_outside(const struct snapshot *snapshot, uint32_t task, ino_t own_mnt)
{
	if (!snapshot_is_leader(&snapshot->tasks[task]))
		task = snapshot_find_task(snapshot, snapshot->tasks[task].tgid);
	for (int i = 0; task != SNAPSHOT_NONE && i < PARENTS_MAX; i++) {
		pid_t parent = snapshot->tasks[task].ppid;
		uint32_t mnt;

		if (parent < 0)
			return PARENT_UNKNOWN;
		if (parent <= 1)
			return 0;
		task = snapshot_find_task(snapshot, parent);
		mnt = task == SNAPSHOT_NONE ? SNAPSHOT_NONE : snapshot_task_ns(snapshot, task, NS_LINK_MNT);
		if (mnt == SNAPSHOT_NONE)
			return PARENT_UNKNOWN;
		if (snapshot->namespaces[mnt].ino == own_mnt)
			return parent;
	}
	return PARENT_UNKNOWN;
}

static int find_by_parents(const struct unnamed *unnamed, const struct snapshot *snapshot, uint32_t task,
			   const struct container **found)
{
	pid_t parent = find_parent_outside(snapshot, task, unnamed->own_mnt);

	if (parent == PARENT_UNKNOWN)
		return container_of_parents(unnamed->containers, snapshot->tasks[task].pid, unnamed->own_mnt,
					    found);
	return parent == 0 ? -ENOENT : container_of_parent(unnamed->containers, parent, found);
}

static int find_unnamed(struct unnamed *unnamed, const struct snapshot *snapshot, uint32_t task,
			struct task_details *details)
{
	const struct container *found;
	uint32_t index;
	int ret = list_unnamed(unnamed);

	if (ret < 0)
		return ret;
	index = map_find(unnamed->by_mnt, details->mnt);
	if (index != MAP_NONE)
		return store_container(details, unnamed->containers->items[index]);
	ret = find_by_parents(unnamed, snapshot, task, &found);
	if (ret < 0)
		return ret == -ENOENT ? 0 : ret;
	return store_container(details, found);
}

static bool is_kernel_thread(const struct snapshot *snapshot, uint32_t task,
			     const struct task_details *details)
{
	return snapshot->tasks[task].is_kernel_thread || (details->has_stat && details->is_kernel_thread);
}

static bool is_elsewhere(const struct unnamed *unnamed, const struct task_details *details)
{
	return details->mnt != 0 && details->mnt != unnamed->own_mnt;
}

/* Others in its mnt namespace are in the same container: each search may read many files. */
static int note_named(const struct unnamed *unnamed, const struct task_details *details, uint32_t index)
{
	int ret = 0;

	if (details[index].texts[TEXT_CONTAINER] && is_elsewhere(unnamed, &details[index]))
		ret = map_add(unnamed->named_by_mnt, details[index].mnt, index);
	return ret < 0 ? ret : 0;
}

/* A program that an administrator entered a container with is not in its cgroup, as a rule. */
static int name_by_cgroup(struct unnamed *unnamed, struct task_details *details, size_t count)
{
	int ret = 0;

	for (size_t i = 0; i < count && ret == 0; i++) {
		const char *cgroup = details[i].texts[TEXT_CGROUP];
		const struct container *found;

		if (!cgroup || containers_of_cgroup(unnamed->containers, cgroup, &found) == -ENOENT)
			continue;
		ret = found ? store_container(&details[i], found) : -ENOMEM;
		if (ret == 0)
			ret = note_named(unnamed, details, (uint32_t)i);
	}
	return ret;
}

int task_containers_find(const struct snapshot *snapshot, const uint32_t *tasks, size_t count,
			 struct task_details *details)
{
	AUTO_CONTAINERS struct containers containers;
	AUTO_MAP struct map by_mnt = {0};
	AUTO_MAP struct map named_by_mnt = {0};
	struct unnamed unnamed = {.containers = &containers,
				  .own_mnt = read_own_mnt_ns(),
				  .by_mnt = &by_mnt,
				  .named_by_mnt = &named_by_mnt};
	int ret = containers_open("/", &containers);

	if (ret < 0)
		return ret == -ENOMEM ? ret : 0; /* without a root directory nothing is known */
	ret = name_by_cgroup(&unnamed, details, count);
	for (size_t i = 0; i < count && ret == 0; i++) {
		uint32_t named = map_find(&named_by_mnt, details[i].mnt);

		/* kdevtmpfs has a mnt namespace of its own on every machine. */
		if (details[i].texts[TEXT_CONTAINER] || !is_elsewhere(&unnamed, &details[i]) ||
		    is_kernel_thread(snapshot, tasks[i], &details[i]))
			continue;
		ret = named != MAP_NONE ? store_same(&details[named], &details[i])
					: find_unnamed(&unnamed, snapshot, tasks[i], &details[i]);
		if (ret == 0 && named == MAP_NONE)
			ret = note_named(&unnamed, details, (uint32_t)i);
	}
	return ret;
}

int task_units_find(struct task_details *details, size_t count)
{
	char root[COMMAND_SIZE];
	int ret = 0;

	unit_read_root(root, sizeof(root));
	for (size_t i = 0; i < count && ret == 0; i++) {
		const char *cgroup = details[i].texts[TEXT_CGROUP];
		char unit[512];

		if (cgroup && unit_below_root(cgroup, root, unit, sizeof(unit)))
			ret = store_text(&details[i], TEXT_UNIT, unit);
	}
	return ret;
}
