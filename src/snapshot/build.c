/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "snapshot/build.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

/* The limit of all mount points together; a point_offset has 32 bits. */
#define POINTS_MAX ((size_t)64 << 20)

int snapshot_add_ns(struct snapshot *snapshot, enum ns_type type, ino_t ino, uint32_t *index)
{
	struct snapshot_ns *larger;
	uint32_t found = snapshot_find_ns(snapshot, type, ino);

	*index = found;
	if (found != SNAPSHOT_NONE)
		return 0;
	larger =
	    array_reserve(snapshot->namespaces, &snapshot->ns_capacity, snapshot->ns_count, sizeof(*larger));
	if (!larger)
		return -ENOMEM;
	snapshot->namespaces = larger;
	*index = (uint32_t)snapshot->ns_count;
	if (map_add(&snapshot->ns_by_key, snapshot_ns_key(type, ino), *index) < 0)
		return -ENOMEM;
	larger[snapshot->ns_count++] = (struct snapshot_ns){
	    .type = type,
	    .ino = ino,
	    .first_task = SNAPSHOT_NONE,
	    .first_for_children = SNAPSHOT_NONE,
	    .first_holder = SNAPSHOT_NONE,
	};
	return 0;
}

static uint64_t hash_set(const struct snapshot_set *set)
{
	uint64_t hash = (uint64_t)set->awaiting_pid ^ set->nsproxy;

	for (enum ns_link link = 0; link < NS_LINK_COUNT; link++)
		hash = (hash ^ set->ns[link]) * 0x100000001B3U;
	return hash;
}

static bool is_same_set(const struct snapshot_set *a, const struct snapshot_set *b)
{
	return memcmp(a->ns, b->ns, sizeof(a->ns)) == 0 && a->awaiting_pid == b->awaiting_pid &&
	       a->nsproxy == b->nsproxy;
}

/* Finds the set, or adds a copy of it. */
static int put_set(struct snapshot *snapshot, const struct snapshot_set *set, uint32_t *index)
{
	uint64_t hash = hash_set(set);
	struct snapshot_set *larger;

	/* Two sets may have the same hash: the second one is stored under the next. */
	while ((*index = map_find(&snapshot->set_by_hash, hash)) != SNAPSHOT_NONE) {
		if (is_same_set(&snapshot->sets[*index], set))
			return 0;
		hash++;
	}
	larger = array_reserve(snapshot->sets, &snapshot->set_capacity, snapshot->set_count, sizeof(*larger));
	if (!larger)
		return -ENOMEM;
	snapshot->sets = larger;
	*index = (uint32_t)snapshot->set_count;
	if (map_add(&snapshot->set_by_hash, hash, *index) < 0)
		return -ENOMEM;
	larger[snapshot->set_count++] = *set;
	return 0;
}

int snapshot_add_set(struct snapshot *snapshot, const struct sink_set *record, uint32_t *set)
{
	struct snapshot_set added = {
	    .first_task = SNAPSHOT_NONE,
	    .awaiting_pid = record->awaiting_pid,
	    .nsproxy = record->nsproxy,
	    .refs = record->refs,
	};

	for (enum ns_link link = 0; link < NS_LINK_COUNT; link++) {
		added.ns[link] = SNAPSHOT_NONE;
		if (record->inodes[link] != 0 &&
		    snapshot_add_ns(snapshot, ns_link_type(link), record->inodes[link], &added.ns[link]) < 0)
			return -ENOMEM;
	}
	return put_set(snapshot, &added, set);
}

int snapshot_add_task(struct snapshot *snapshot, const struct snapshot_task *task)
{
	struct snapshot_task *larger =
	    array_reserve(snapshot->tasks, &snapshot->task_capacity, snapshot->task_count, sizeof(*larger));

	if (!larger)
		return -ENOMEM;
	snapshot->tasks = larger;
	larger[snapshot->task_count++] = *task;
	return 0;
}

static struct holder_tally *tally_of(struct snapshot_ns *ns, enum holder_kind kind)
{
	return &ns->tallies[kind - HOLDER_FILE];
}

/* Holders are added process by process, or mnt namespace by mnt namespace. */
static bool has_room_for(struct snapshot *snapshot, const struct snapshot_holder *holder)
{
	struct holder_tally *tally = tally_of(&snapshot->namespaces[holder->ns], holder->kind);
	uint32_t by = holder->kind == HOLDER_MOUNT ? holder->mnt_ns : (uint32_t)holder->pid;

	if (tally->kept == 0 || tally->holder != by)
		tally->of_holder = 0;
	tally->holder = by;
	if (tally->of_holder >= HOLDERS_OF_ONE || tally->kept >= HOLDERS_OF_ALL) {
		tally->more++;
		return false;
	}
	tally->of_holder++;
	tally->kept++;
	return true;
}

void snapshot_add_more(struct snapshot *snapshot, uint32_t ns, enum holder_kind kind, uint64_t count)
{
	tally_of(&snapshot->namespaces[ns], kind)->more += count;
}

static int append_holder(struct snapshot *snapshot, const struct snapshot_holder *holder)
{
	struct snapshot_holder *larger = array_reserve(snapshot->holders, &snapshot->holder_capacity,
						       snapshot->holder_count, sizeof(*larger));
	struct snapshot_ns *ns = &snapshot->namespaces[holder->ns];

	if (!larger)
		return -ENOMEM;
	snapshot->holders = larger;
	larger[snapshot->holder_count] = *holder;
	larger[snapshot->holder_count].next = ns->first_holder;
	ns->first_holder = (uint32_t)snapshot->holder_count++;
	return 0;
}

int snapshot_add_holder(struct snapshot *snapshot, const struct snapshot_holder *holder)
{
	return has_room_for(snapshot, holder) ? append_holder(snapshot, holder) : 0;
}

/* Offset 0 is the empty text: the point of a mount without room for its own. */
static int add_point(struct snapshot *snapshot, const char *point, struct snapshot_holder *mount)
{
	size_t length = strnlen(point, PATH_MAX - 1);
	size_t used = snapshot->points_length > 0 ? snapshot->points_length : 1;
	char *larger = snapshot->points;

	mount->is_cut = point[length] != '\0';
	mount->point_offset = 0;
	if (used + length + 1 > POINTS_MAX) {
		mount->is_cut = true;
		return 0;
	}
	if (used + length + 1 > snapshot->points_capacity) {
		snapshot->points_capacity = 2 * (used + length + 1);
		larger = realloc(snapshot->points, snapshot->points_capacity);
	}
	if (!larger)
		return -ENOMEM;
	snapshot->points = larger;
	larger[0] = '\0';
	memcpy(larger + used, point, length);
	larger[used + length] = '\0';
	mount->point_offset = (uint32_t)used;
	snapshot->points_length = used + length + 1;
	return 0;
}

int snapshot_add_mount(struct snapshot *snapshot, const struct snapshot_holder *holder, const char *point)
{
	struct snapshot_holder mount = *holder;

	if (!has_room_for(snapshot, holder))
		return 0;
	if (add_point(snapshot, point, &mount) < 0)
		return -ENOMEM;
	mount.is_cut = mount.is_cut || holder->is_cut;
	return append_holder(snapshot, &mount);
}
