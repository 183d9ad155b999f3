/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "target/members.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "proc/cgroup.h"
#include "proc/cgroup_tree.h"
#include "proc/status.h"

struct marking {
	const struct snapshot *snapshot;
	struct found_target *found;
	const char *cgroup; /* its path */
};

static int mark_process(pid_t pid, void *context)
{
	const struct marking *marking = context;
	uint32_t task = snapshot_find_task(marking->snapshot, pid);

	/* One that started after the scan is not in it. */
	if (task != SNAPSHOT_NONE)
		marking->found->tasks[task] = true;
	return 0;
}

static int set_no_memory(struct error *err)
{
	return error_set_errno(err, ENOMEM, "cannot list the processes");
}

static int start_members(const struct snapshot *snapshot, pid_t first, struct found_target *found,
			 struct error *err)
{
	found->is_process = true;
	found->task = snapshot_find_task(snapshot, first);
	if (found->task == SNAPSHOT_NONE) {
		error_set(err, EACCES, "the namespaces of process %d could not be read", first);
		return error_hint(err, "`nsctl show %d` shows why", first);
	}
	found->tasks = calloc(snapshot->task_count + 1, sizeof(*found->tasks));
	if (!found->tasks)
		return set_no_memory(err);
	found->tasks[found->task] = true;
	return 0;
}

int members_of_cgroup(const struct snapshot *snapshot, int cgroup_fd, pid_t first, struct found_target *found,
		      struct error *err)
{
	struct marking marking = {.snapshot = snapshot, .found = found};
	int ret = start_members(snapshot, first, found, err);

	if (ret == 0)
		cgroup_tree_processes(cgroup_fd, mark_process, &marking);
	return ret;
}

static int look_at_cgroup(int dir_fd, const char *name, const char *path, void *context)
{
	const struct marking *marking = context;

	(void)name;
	if (strcmp(path, marking->cgroup) == 0) {
		cgroup_tree_processes(dir_fd, mark_process, context);
		return CGROUP_SKIP;
	}
	return path_below(path, marking->cgroup) ? 0 : CGROUP_SKIP;
}

/*
 * Its programs, also those that an administrator entered it with, see its mounts.  One
 * that sees the caller's mounts has no mnt namespace of its own.
 */
static void mark_by_mnt_ns(const struct marking *marking, uint32_t init)
{
	const struct snapshot *snapshot = marking->snapshot;
	uint32_t ns = snapshot_task_ns(snapshot, init, NS_LINK_MNT);
	struct process_links own;

	process_read_own_links(&own);
	if (ns == SNAPSHOT_NONE || snapshot->namespaces[ns].ino == own.ino[NS_LINK_MNT])
		return;
	for (uint32_t i = 0; i < snapshot->task_count; i++) {
		if (snapshot_is_leader(&snapshot->tasks[i]))
			marking->found->tasks[i] |= snapshot_task_is_in(snapshot, i, ns);
	}
}

/* Marks the processes of one container; it may be that none of them is in the snapshot.  0 or -ENOMEM. */
static int mark_container(const struct marking *marking, struct containers *containers,
			  const struct process *init, const struct container *container)
{
	uint32_t task = snapshot_find_task(marking->snapshot, init->pid);
	char path[COMMAND_SIZE];
	struct marking of_container = {
	    .snapshot = marking->snapshot, .found = marking->found, .cgroup = path};
	size_t levels;
	int ret = process_read_cgroup(init->dir_fd, path, sizeof(path));

	if (task != SNAPSHOT_NONE)
		mark_by_mnt_ns(marking, task);
	if (ret == 0)
		ret = containers_cut_cgroup(containers, container, path, &levels);
	if (ret == 0)
		cgroup_tree_walk(look_at_cgroup, &of_container);
	return ret == -ENOMEM ? ret : 0;
}

int members_of_container(const struct snapshot *snapshot, const struct process *init,
			 const struct container *container, struct found_target *found, struct error *err)
{
	AUTO_CONTAINERS struct containers containers = {.root_fd = -1};
	struct marking marking = {.snapshot = snapshot, .found = found};
	int ret = start_members(snapshot, init->pid, found, err);

	if (ret < 0)
		return ret;
	if (containers_open("/", &containers) < 0 ||
	    mark_container(&marking, &containers, init, container) < 0)
		return set_no_memory(err);
	return 0;
}

static int mark_pod(const struct marking *marking, struct containers *containers,
		    const struct container *sandbox)
{
	int ret = containers_list(containers, sandbox->runtime);

	for (size_t i = 0; i < containers->count && ret == 0; i++) {
		struct container *container = containers->items[i];
		AUTO_PROCESS struct process init = PROCESS_CLOSED;
		struct error ignored; /* it does not run */

		if (container->is_known && container->pod && strcmp(container->pod, sandbox->pod) == 0 &&
		    container_open_init(containers, container, &init, &ignored) == 0)
			ret = mark_container(marking, containers, &init, container);
	}
	return ret;
}

int members_of_pod(const struct snapshot *snapshot, const struct process *init,
		   const struct container *sandbox, struct found_target *found, struct error *err)
{
	AUTO_CONTAINERS struct containers containers = {.root_fd = -1};
	struct marking marking = {.snapshot = snapshot, .found = found};
	int ret = start_members(snapshot, init->pid, found, err);

	if (ret < 0)
		return ret;
	if (containers_open("/", &containers) < 0 || mark_pod(&marking, &containers, sandbox) < 0)
		return set_no_memory(err);
	return 0;
}
