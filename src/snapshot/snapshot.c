/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "snapshot/snapshot.h"

#include <stdlib.h>
#include <string.h>

static const char *const kind_names[HOLDER_KIND_COUNT] = {
    [HOLDER_PROCESS] = "process", [HOLDER_THREAD] = "thread",     [HOLDER_FOR_CHILDREN] = "for-children",
    [HOLDER_FILE] = "file",       [HOLDER_SOCKET] = "socket",     [HOLDER_PROC_NET] = "proc-net",
    [HOLDER_RING] = "io_uring",   [HOLDER_DETACHED] = "detached", [HOLDER_MOUNT] = "mount",
    [HOLDER_CHILD] = "child",     [HOLDER_OWNED] = "owned",       [HOLDER_KERNEL] = "kernel",
};

const char *holder_kind_name(enum holder_kind kind)
{
	return kind_names[kind];
}

uint64_t snapshot_count_more(const struct snapshot_ns *ns, enum holder_kind kind)
{
	if (kind < HOLDER_FILE || kind > HOLDER_MOUNT)
		return 0;
	return ns->tallies[kind - HOLDER_FILE].more;
}

const char *snapshot_mount_point(const struct snapshot *snapshot, const struct snapshot_holder *holder)
{
	return snapshot->points ? snapshot->points + holder->point_offset : "";
}

void snapshot_free(struct snapshot *snapshot)
{
	free(snapshot->namespaces);
	free(snapshot->sets);
	free(snapshot->tasks);
	free(snapshot->holders);
	free(snapshot->points);
	free(snapshot->unanswered);
	map_free(&snapshot->ns_by_key);
	map_free(&snapshot->ns_by_id);
	map_free(&snapshot->set_by_hash);
	map_free(&snapshot->thread_by_tid);
	*snapshot = (struct snapshot){0};
}

uint32_t snapshot_find_ns(const struct snapshot *snapshot, enum ns_type type, ino_t ino)
{
	return map_find(&snapshot->ns_by_key, snapshot_ns_key(type, ino));
}

uint32_t snapshot_find_inode(const struct snapshot *snapshot, ns_type_set types, ino_t ino)
{
	uint32_t found = SNAPSHOT_NONE;

	for (enum ns_type type = 0; type < NS_TYPE_COUNT && found == SNAPSHOT_NONE; type++) {
		if (types & 1U << type)
			found = snapshot_find_ns(snapshot, type, ino);
	}
	return found;
}

uint32_t snapshot_find_id(const struct snapshot *snapshot, uint64_t id)
{
	return id == 0 ? SNAPSHOT_NONE : map_find(&snapshot->ns_by_id, id);
}

static int compare_leader(const void *key, const void *element)
{
	const pid_t *pid = key;
	const struct snapshot_task *task = element;

	if (*pid != task->tgid)
		return *pid < task->tgid ? -1 : 1;
	/* Its leader comes before all other threads of a process. */
	return snapshot_is_leader(task) ? 0 : -1;
}

uint32_t snapshot_find_task(const struct snapshot *snapshot, pid_t pid)
{
	const struct snapshot_task *leader =
	    snapshot->task_count > 0
		? bsearch(&pid, snapshot->tasks, snapshot->task_count, sizeof(*leader), compare_leader)
		: NULL;

	return leader ? (uint32_t)(leader - snapshot->tasks)
		      : map_find(&snapshot->thread_by_tid, (uint64_t)pid);
}

bool snapshot_has_same_ns(const struct snapshot *snapshot, uint32_t one, uint32_t other)
{
	const struct snapshot_set *a = &snapshot->sets[one];
	const struct snapshot_set *b = &snapshot->sets[other];

	return memcmp(a->ns, b->ns, sizeof(a->ns)) == 0 && a->awaiting_pid == b->awaiting_pid;
}

bool snapshot_task_is_in(const struct snapshot *snapshot, uint32_t task, uint32_t ns)
{
	const struct snapshot_set *set = &snapshot->sets[snapshot->tasks[task].set];

	return set->ns[ns_type_link(snapshot->namespaces[ns].type)] == ns;
}

uint32_t snapshot_task_ns(const struct snapshot *snapshot, uint32_t task, enum ns_link link)
{
	return snapshot->sets[snapshot->tasks[task].set].ns[link];
}

enum ns_link snapshot_task_link(const struct snapshot *snapshot, uint32_t task, uint32_t ns)
{
	enum ns_type type = snapshot->namespaces[ns].type;

	if (snapshot_task_is_in(snapshot, task, ns) || (type != NS_PID && type != NS_TIME))
		return ns_type_link(type);
	return type == NS_PID ? NS_LINK_PID_FOR_CHILDREN : NS_LINK_TIME_FOR_CHILDREN;
}

bool snapshot_task_has_for_children(const struct snapshot *snapshot, uint32_t task, uint32_t ns)
{
	const struct snapshot_set *set = &snapshot->sets[snapshot->tasks[task].set];

	return !snapshot_task_is_in(snapshot, task, ns) &&
	       set->ns[snapshot_task_link(snapshot, task, ns)] == ns;
}
