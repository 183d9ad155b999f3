/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scan/kernel_lists.h"

#include <errno.h>

#include "scan/record_ns.h"
#include "scan/sources.h"

_Static_assert((int)WALK_CGROUP == NS_CGROUP && (int)WALK_IPC == NS_IPC && (int)WALK_MNT == NS_MNT &&
		   (int)WALK_NET == NS_NET && (int)WALK_PID == NS_PID && (int)WALK_TIME == NS_TIME &&
		   (int)WALK_USER == NS_USER && (int)WALK_UTS == NS_UTS && (int)WALK_TYPES == NS_TYPE_COUNT,
	       "the walk has the types in their order");

/* The 64-bit id, marked so that no pair of type and inode equals it; without an id, such a pair. */
static uint64_t key_of(const struct walk_record *record)
{
	if (record->id != 0)
		return 1ULL << 63 | record->id;
	return (uint64_t)record->clone_flag << 32 | record->inum;
}

static int walk_list(struct kernel_lists *lists, struct walker *walker)
{
	int ret = walker_run(walker);

	lists->is_broken |= ret == -ENOSPC || (ret == 0 && walker->state->done != walker->wanted);
	return ret == -ENOSPC ? 0 : ret;
}

static int open_list(struct kernel_lists *lists, enum walk which)
{
	struct walker *walker = &lists->walkers[lists->count];
	int ret = walker_open(lists->types, which, WALKER_CAPACITY, walker);

	lists->count += ret == 0;
	return ret;
}

static int remember_keys(struct kernel_lists *lists)
{
	for (size_t i = 0; i < lists->count; i++) {
		const struct walker *walker = &lists->walkers[i];

		for (uint32_t j = 0; j < walker->state->count; j++) {
			if (map_add(&lists->before, key_of(&walker->records[j]), j) < 0)
				return -ENOMEM;
		}
	}
	return 0;
}

int kernel_lists_start(const struct scan_request *request, const struct kernel_types *types,
		       struct kernel_lists *lists)
{
	int ret;

	*lists = (struct kernel_lists){.request = request, .types = types};
	for (size_t i = 0; i < KERNEL_LISTS_MAX; i++)
		lists->walkers[i] = WALKER_CLOSED;
	ret = open_list(lists, WALK_OF_TYPES);
	/* Before Linux 6.18 there is no list of ipc namespaces. */
	if (ret == 0 && !(lists->walkers[0].wanted & 1U << WALK_IPC))
		ret = open_list(lists, WALK_OF_MQUEUE);
	for (size_t i = 0; i < lists->count && ret == 0; i++)
		ret = walk_list(lists, &lists->walkers[i]);
	if (ret == 0)
		ret = remember_keys(lists);
	if (ret < 0 && ret != -ENOMEM)
		kernel_lists_close(lists);
	return ret == -ENOMEM ? ret : 0;
}

static int emit_walked_ns(const struct record_context *context, const struct walk_record *record,
			  enum ns_type type, bool has_ids)
{
	const struct record_ns about = {
	    .id = has_ids ? record->id : 0,
	    .inum = record->inum,
	    .owner = record->owner,
	    .creator = type == NS_USER ? record->creator : record->owner_creator,
	    .parent = record->parent,
	};
	struct sink_ns ns = record_to_ns(context, type, &about);

	ns.is_listed = true;
	ns.has_refs = true;
	ns.refs = record->refs;
	ns.is_stashed = record->is_stashed;
	return context->sink->add_ns(context->sink->context, &ns);
}

/* Skips namespaces that are being freed (refs is 0), and those created meanwhile: their tasks are found. */
static int emit_all(const struct kernel_lists *lists, const struct walker *walker,
		    const struct record_context *context)
{
	bool has_ids = lists->types->offsets[KERNEL_COMMON_ID] != FIELD_MISSING;
	int ret = 0;

	for (uint32_t i = 0; i < walker->state->count && ret == 0; i++) {
		const struct walk_record *record = &walker->records[i];
		enum ns_type type;

		if (record->refs == 0 || !ns_type_from_clone_flag((int)record->clone_flag, &type) ||
		    !(scan_types(lists->request) & 1U << type) ||
		    map_find(&lists->before, key_of(record)) == MAP_NONE)
			continue;
		ret = emit_walked_ns(context, record, type, has_ids);
	}
	return ret;
}

static ns_type_set types_of(const struct walker *walker)
{
	return walker->walk == WALK_OF_MQUEUE ? 1U << NS_IPC : walker->wanted;
}

int kernel_lists_finish(struct kernel_lists *lists, const struct sink *sink)
{
	struct record_context context = {.request = lists->request, .sink = sink};
	ns_type_set types = 0;
	int ret;

	if (lists->count == 0)
		return 0;
	ret = record_context_start(&context);
	sink->add_note(sink->context, NOTE_OUTERMOST, ns_is_initial(NS_PID, context.own_pid_ns));
	for (size_t i = 0; i < lists->count && ret == 0; i++) {
		ret = walk_list(lists, &lists->walkers[i]);
		if (ret == 0)
			ret = emit_all(lists, &lists->walkers[i], &context);
		types |= types_of(&lists->walkers[i]);
	}
	if (ret < 0)
		return ret;
	sink->add_note(sink->context, NOTE_BROKEN_LIST, lists->is_broken);
	return lists->is_broken ? 0 : (int)types;
}

void kernel_lists_close(struct kernel_lists *lists)
{
	for (size_t i = 0; i < lists->count; i++)
		walker_close(&lists->walkers[i]);
	lists->count = 0;
	map_free(&lists->before);
}
