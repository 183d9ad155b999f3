/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "snapshot/sink.h"

#include <errno.h>
#include <time.h>

#include "snapshot/build.h"

static int add_relation(struct snapshot *snapshot, enum ns_type type, const struct ns_relation *record,
			struct snapshot_relation *relation)
{
	if (relation->state != RELATION_UNKNOWN)
		return 0;
	*relation = (struct snapshot_relation){.state = record->state, .ns = SNAPSHOT_NONE};
	return record->state == RELATION_KNOWN ? snapshot_add_ns(snapshot, type, record->ino, &relation->ns)
					       : 0;
}

static void add_facts(struct snapshot_ns *ns, const struct sink_ns *record)
{
	if (ns->id == 0)
		ns->id = record->id;
	ns->is_listed |= record->is_listed;
	if (record->has_creator && !ns->has_creator)
		ns->creator = record->creator;
	ns->has_creator |= record->has_creator;
	if (record->has_refs) {
		ns->has_refs = true;
		ns->refs = record->refs;
		ns->is_stashed = record->is_stashed;
	}
	if (record->has_netnsid && !ns->has_netnsid)
		ns->netnsid = record->netnsid;
	ns->has_netnsid |= record->has_netnsid;
}

static int add_ns(void *context, const struct sink_ns *record)
{
	struct snapshot *snapshot = context;
	struct snapshot_relation owner;
	struct snapshot_relation parent;
	uint32_t index;

	if (snapshot_add_ns(snapshot, record->type, record->ino, &index) < 0)
		return -ENOMEM;
	/* Adding a namespace may move the others. */
	owner = snapshot->namespaces[index].owner;
	parent = snapshot->namespaces[index].parent;
	if (add_relation(snapshot, NS_USER, &record->owner, &owner) < 0 ||
	    add_relation(snapshot, record->type, &record->parent, &parent) < 0)
		return -ENOMEM;
	snapshot->namespaces[index].owner = owner;
	snapshot->namespaces[index].parent = parent;
	add_facts(&snapshot->namespaces[index], record);
	return 0;
}

static int add_set(void *context, const struct sink_set *set, uint32_t *number)
{
	return snapshot_add_set(context, set, number);
}

static int add_task(void *context, const struct snapshot_task *task)
{
	return snapshot_add_task(context, task);
}

static int add_holder(void *context, const struct sink_holder *record)
{
	struct snapshot *snapshot = context;
	struct snapshot_holder holder = {
	    .kind = record->kind,
	    .pid = record->pid,
	    .tid = record->tid,
	    .fd = record->fd,
	    .mnt_ns = SNAPSHOT_NONE,
	    .mount_id = record->mount_id,
	    .is_cut = record->is_cut,
	};

	if (snapshot_add_ns(snapshot, record->type, record->ino, &holder.ns) < 0)
		return -ENOMEM;
	if (record->mnt_ns != 0)
		holder.mnt_ns = snapshot_find_ns(snapshot, NS_MNT, record->mnt_ns);
	return record->point ? snapshot_add_mount(snapshot, &holder, record->point)
			     : snapshot_add_holder(snapshot, &holder);
}

static int add_more(void *context, enum holder_kind kind, enum ns_type type, ino_t ino, uint64_t count)
{
	uint32_t index;

	if (snapshot_add_ns(context, type, ino, &index) < 0)
		return -ENOMEM;
	snapshot_add_more(context, index, kind, count);
	return 0;
}

static void add_note(void *context, enum sink_note note, size_t count)
{
	struct snapshot *snapshot = context;
	size_t *const counts[NOTE_COUNT] = {
	    [NOTE_PROCESSES] = &snapshot->processes,
	    [NOTE_UNREADABLE] = &snapshot->unreadable,
	    [NOTE_VANISHED] = &snapshot->vanished,
	    [NOTE_UNREADABLE_MOUNTS] = &snapshot->unreadable_mounts,
	};
	bool *const flags[NOTE_COUNT] = {
	    [NOTE_BROKEN_LIST] = &snapshot->has_broken_list,
	    [NOTE_HIDDEN] = &snapshot->has_hidden,
	    [NOTE_LISTED] = &snapshot->is_listed,
	    [NOTE_COMPLETE] = &snapshot->is_complete,
	    [NOTE_OUTERMOST] = &snapshot->is_outermost,
	};

	if (counts[note])
		*counts[note] += count;
	else
		*flags[note] |= count > 0;
}

static int end_tasks(void *context)
{
	struct snapshot *snapshot = context;
	struct timespec now = {0};

	clock_gettime(CLOCK_BOOTTIME, &now);
	snapshot->taken = (uint64_t)now.tv_sec;
	return snapshot_count_tasks(snapshot);
}

struct sink snapshot_sink(struct snapshot *snapshot)
{
	return (struct sink){
	    .context = snapshot,
	    .add_ns = add_ns,
	    .add_set = add_set,
	    .add_task = add_task,
	    .add_holder = add_holder,
	    .add_more = add_more,
	    .add_note = add_note,
	    .end_tasks = end_tasks,
	    .known = snapshot,
	};
}
