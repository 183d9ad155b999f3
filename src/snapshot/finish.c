/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sorting and counting what was added: afterwards a snapshot is immutable. */
#include <errno.h>
#include <stdlib.h>

#include "snapshot/build.h"

static int compare_tasks(const void *left, const void *right)
{
	const struct snapshot_task *a = left;
	const struct snapshot_task *b = right;

	if (a->tgid != b->tgid)
		return a->tgid < b->tgid ? -1 : 1;
	if (snapshot_is_leader(a) != snapshot_is_leader(b))
		return snapshot_is_leader(a) ? -1 : 1;
	return a->pid < b->pid ? -1 : a->pid > b->pid;
}

/* Tasks are sorted by PID: the leader with the lowest one is preferred to any thread. */
static void count_task(struct snapshot *snapshot, uint32_t task)
{
	struct snapshot_set *set = &snapshot->sets[snapshot->tasks[task].set];
	bool is_leader = snapshot_is_leader(&snapshot->tasks[task]);

	if (set->first_task == SNAPSHOT_NONE || (is_leader && set->process_count == 0))
		set->first_task = task;
	set->process_count += is_leader;
	set->task_count++;
}

/* The tasks of a set are in its namespaces.  Sets are few: counting each task in ten namespaces takes longer.
 */
static void count_set_in_ns(const struct snapshot_set *set, struct snapshot_ns *ns)
{
	bool has_leader = set->process_count > 0;
	bool is_first = ns->first_task == SNAPSHOT_NONE || (has_leader && ns->process_count == 0) ||
			(has_leader == (ns->process_count > 0) && set->first_task < ns->first_task);

	if (is_first)
		ns->first_task = set->first_task;
	ns->process_count += set->process_count;
	ns->task_count += set->task_count;
	if (has_leader)
		ns->kinds |= 1U << HOLDER_PROCESS;
	if (set->task_count > set->process_count)
		ns->kinds |= 1U << HOLDER_THREAD;
}

static void count_for_children(const struct snapshot_set *set, struct snapshot_ns *ns)
{
	if (ns->first_for_children > set->first_task)
		ns->first_for_children = set->first_task;
	ns->kinds |= 1U << HOLDER_FOR_CHILDREN;
}

static void count_set(struct snapshot *snapshot, const struct snapshot_set *set)
{
	for (enum ns_link link = 0; link < NS_LINK_COUNT; link++) {
		uint32_t ns = set->ns[link];

		if (ns == SNAPSHOT_NONE)
			continue;
		if (link == ns_type_link(ns_link_type(link)))
			count_set_in_ns(set, &snapshot->namespaces[ns]);
		else if (ns != set->ns[ns_type_link(ns_link_type(link))])
			count_for_children(set, &snapshot->namespaces[ns]);
	}
}

/* Drop duplicates caused by PID reuse between two reads. */
static void drop_duplicates(struct snapshot *snapshot)
{
	size_t kept = 0;

	for (size_t i = 0; i < snapshot->task_count; i++) {
		if (kept == 0 || compare_tasks(&snapshot->tasks[i], &snapshot->tasks[kept - 1]) != 0)
			snapshot->tasks[kept++] = snapshot->tasks[i];
	}
	snapshot->task_count = kept;
}

/* A BPF iterator emits tasks by PID: mostly sorted, which qsort(3) does not profit from. */
static bool is_sorted(const struct snapshot *snapshot)
{
	for (size_t i = 1; i < snapshot->task_count; i++) {
		if (compare_tasks(&snapshot->tasks[i - 1], &snapshot->tasks[i]) > 0)
			return false;
	}
	return true;
}

int snapshot_count_tasks(struct snapshot *snapshot)
{
	if (!is_sorted(snapshot))
		qsort(snapshot->tasks, snapshot->task_count, sizeof(*snapshot->tasks), compare_tasks);
	drop_duplicates(snapshot);
	for (size_t i = 0; i < snapshot->task_count; i++) {
		const struct snapshot_task *task = &snapshot->tasks[i];

		if (!snapshot_is_leader(task) &&
		    map_add(&snapshot->thread_by_tid, (uint64_t)task->pid, (uint32_t)i) < 0)
			return -ENOMEM;
		count_task(snapshot, (uint32_t)i);
	}
	for (size_t i = 0; i < snapshot->set_count; i++) {
		if (snapshot->sets[i].task_count > 0)
			count_set(snapshot, &snapshot->sets[i]);
	}
	return 0;
}

static void mark_related(struct snapshot *snapshot, const struct snapshot_ns *ns)
{
	if (ns->parent.state == RELATION_KNOWN)
		snapshot->namespaces[ns->parent.ns].kinds |= 1U << HOLDER_CHILD;
	/* The owner of a user namespace is its parent, and counted as such. */
	if (ns->owner.state == RELATION_KNOWN && ns->type != NS_USER)
		snapshot->namespaces[ns->owner.ns].kinds |= 1U << HOLDER_OWNED;
}

static int compare_holders(const void *left, const void *right)
{
	const struct snapshot_holder *a = left;
	const struct snapshot_holder *b = right;

	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->pid != b->pid)
		return a->pid < b->pid ? -1 : 1;
	if (a->tid != b->tid)
		return a->tid < b->tid ? -1 : 1;
	if (a->fd != b->fd)
		return a->fd < b->fd ? -1 : 1;
	if (a->ns != b->ns)
		return a->ns < b->ns ? -1 : 1;
	if (a->mnt_ns != b->mnt_ns)
		return a->mnt_ns < b->mnt_ns ? -1 : 1;
	return a->mount_id < b->mount_id ? -1 : a->mount_id > b->mount_id;
}

/* Holders were found in any order, and those that several threads share several times. */
static void sort_holders(struct snapshot *snapshot)
{
	size_t kept = 0;

	if (snapshot->holder_count > 0)
		qsort(snapshot->holders, snapshot->holder_count, sizeof(*snapshot->holders), compare_holders);
	for (size_t i = 0; i < snapshot->holder_count; i++) {
		if (kept == 0 || compare_holders(&snapshot->holders[i], &snapshot->holders[kept - 1]) != 0)
			snapshot->holders[kept++] = snapshot->holders[i];
	}
	snapshot->holder_count = kept;
	for (size_t i = 0; i < snapshot->ns_count; i++)
		snapshot->namespaces[i].first_holder = SNAPSHOT_NONE;
	for (size_t i = snapshot->holder_count; i-- > 0;) {
		struct snapshot_ns *ns = &snapshot->namespaces[snapshot->holders[i].ns];

		snapshot->holders[i].next = ns->first_holder;
		ns->first_holder = (uint32_t)i;
	}
}

int snapshot_finish(struct snapshot *snapshot)
{
	sort_holders(snapshot);
	for (size_t i = 0; i < snapshot->holder_count; i++)
		snapshot->namespaces[snapshot->holders[i].ns].kinds |= 1U << snapshot->holders[i].kind;
	for (size_t i = 0; i < snapshot->ns_count; i++)
		mark_related(snapshot, &snapshot->namespaces[i]);
	for (size_t i = 0; i < snapshot->ns_count; i++) {
		struct snapshot_ns *ns = &snapshot->namespaces[i];

		if (ns->kinds == 0 && ns->is_listed)
			ns->kinds = 1U << HOLDER_KERNEL;
		if (ns->id != 0 && map_add(&snapshot->ns_by_id, ns->id, (uint32_t)i) < 0)
			return -ENOMEM;
	}
	return 0;
}
