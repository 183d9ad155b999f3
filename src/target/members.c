/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "target/members.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
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
		return error_set_errno(err, ENOMEM, "cannot list the processes");
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
	size_t length = strlen(path);

	(void)name;
	if (strcmp(path, marking->cgroup) == 0) {
		cgroup_tree_processes(dir_fd, mark_process, context);
		return CGROUP_SKIP;
	}
	return strncmp(marking->cgroup, path, length) == 0 && marking->cgroup[length] == '/' ? 0
											     : CGROUP_SKIP;
}

/*
 * Its programs, also those that an administrator entered it with, see its mounts.  One
 * that sees the caller's mounts has no mnt namespace of its own.
 */
static void mark_by_mnt_ns(const struct snapshot *snapshot, struct found_target *found)
{
	uint32_t ns = snapshot_task_ns(snapshot, found->task, NS_LINK_MNT);
	struct process_links own;

	process_read_own_links(&own);
	if (ns == SNAPSHOT_NONE || snapshot->namespaces[ns].ino == own.ino[NS_LINK_MNT])
		return;
	for (uint32_t i = 0; i < snapshot->task_count; i++) {
		if (snapshot_is_leader(&snapshot->tasks[i]))
			found->tasks[i] |= snapshot_task_is_in(snapshot, i, ns);
	}
}

/* Stores the path of the container's own cgroup.  Returns 0; -ENOENT where it has none; or -ENOMEM. */
static int find_own_cgroup(const struct process *init, const struct container *container, char *path,
			   size_t size)
{
	AUTO_CONTAINERS struct containers containers;
	size_t levels;
	int ret = containers_open("/", &containers);

	if (ret == 0)
		ret = process_read_cgroup(init->dir_fd, path, size);
	if (ret == 0)
		ret = containers_cut_cgroup(&containers, container, path, &levels);
	return ret == -ENOMEM ? ret : ret < 0 ? -ENOENT : 0;
}

int members_of_container(const struct snapshot *snapshot, const struct process *init,
			 const struct container *container, struct found_target *found, struct error *err)
{
	char path[COMMAND_SIZE];
	struct marking marking = {.snapshot = snapshot, .found = found, .cgroup = path};
	int ret = start_members(snapshot, init->pid, found, err);

	if (ret < 0)
		return ret;
	mark_by_mnt_ns(snapshot, found);
	ret = find_own_cgroup(init, container, path, sizeof(path));
	if (ret == 0)
		cgroup_tree_walk(look_at_cgroup, &marking);
	return ret == -ENOMEM ? error_set_errno(err, ENOMEM, "cannot list the processes") : 0;
}
