/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scan/kernel_mounts.h"

#include <errno.h>
#include <stdlib.h>

#include "scan/sources.h"

/* A mount has no mnt namespace once it is unmounted; the kernel's internal mounts have an error instead. */
static bool is_in_mnt_ns(const struct walk_record *mount)
{
	return mount->mnt_ns != 0 && mount->mnt_ns < (uint64_t)-4095;
}

static bool is_detached(const struct walk_record *mount)
{
	return is_in_mnt_ns(mount) && (mount->mnt_inum == 0 || mount->mnt_inum == WALK_ANONYMOUS_INUM);
}

/* Whether the mounted namespace is wanted; stores its type. */
static bool is_wanted(const struct kernel_mounts *mounts, const struct walk_record *mount, enum ns_type *type)
{
	return ns_type_from_clone_flag((int)mount->clone_flag, type) && mount->inum != 0 &&
	       mounts->request->types & 1U << *type;
}

static int emit_ns(const struct sink *sink, enum ns_type type, ino_t ino, bool is_listed)
{
	const struct sink_ns ns = {.type = type, .ino = ino, .is_listed = is_listed};

	return sink->add_ns(sink->context, &ns);
}

/* A mnt namespace without tasks may be known only by a mount in it. */
static int add_place(struct kernel_mounts *mounts, uint32_t number, const struct sink *sink)
{
	const struct walk_record *mount = &mounts->walker.records[number];
	uint32_t first;

	mounts->next[number] = MAP_NONE;
	if (!is_in_mnt_ns(mount))
		return 0;
	if (!is_detached(mount)) {
		if (map_add(&mounts->mounted_in, mount->mnt_inum, 0) < 0)
			return -ENOMEM;
		return emit_ns(sink, NS_MNT, mount->mnt_inum, false);
	}
	mounts->has_detached = true;
	first = map_find(&mounts->trees, mount->mnt_ns);
	if (first == MAP_NONE)
		return map_add(&mounts->trees, mount->mnt_ns, number) < 0 ? -ENOMEM : 0;
	mounts->next[number] = mounts->next[first];
	mounts->next[first] = number;
	return 0;
}

static int add_all(struct kernel_mounts *mounts, const struct sink *sink)
{
	uint32_t count = mounts->walker.state->count;
	int ret = 0;

	mounts->next = calloc(count + 1, sizeof(*mounts->next));
	mounts->is_held = calloc(count + 1, sizeof(*mounts->is_held));
	if (!mounts->next || !mounts->is_held)
		return -ENOMEM;
	for (uint32_t i = 0; i < count && ret == 0; i++) {
		const struct walk_record *mount = &mounts->walker.records[i];
		enum ns_type type;

		if (is_wanted(mounts, mount, &type))
			ret = emit_ns(sink, type, mount->inum, true);
		if (ret == 0)
			ret = add_place(mounts, i, sink);
	}
	return ret;
}

int kernel_mounts_walk(const struct scan_request *request, const struct kernel_types *types,
		       const struct sink *sink, struct kernel_mounts *mounts)
{
	int ret;

	*mounts = (struct kernel_mounts){.request = request, .walker = WALKER_CLOSED};
	ret = walker_open(types, WALK_OF_MOUNTS, WALKER_CAPACITY, &mounts->walker);
	if (ret == 0)
		ret = walker_run(&mounts->walker);
	if (ret < 0) {
		walker_close(&mounts->walker);
		return ret == -ENOMEM ? ret : 0;
	}
	mounts->is_complete = mounts->walker.state->done == mounts->walker.wanted;
	sink->add_note(sink->context, NOTE_BROKEN_LIST, !mounts->is_complete);
	return add_all(mounts, sink);
}

static int emit_holder(const struct kernel_mounts *mounts, uint32_t number, const struct record_file *file,
		       const struct sink *sink)
{
	const struct walk_record *mount = &mounts->walker.records[number];
	struct sink_holder holder = {
	    .kind = is_detached(mount) ? HOLDER_DETACHED : HOLDER_MOUNT,
	    .ino = mount->inum,
	    .mount_id = mount->mount_id,
	};

	if (!is_wanted(mounts, mount, &holder.type))
		return 0;
	if (holder.kind == HOLDER_MOUNT)
		holder.mnt_ns = mount->mnt_inum;
	if (file) {
		holder.pid = (pid_t)file->tgid;
		holder.tid = file->is_own_table ? (pid_t)file->pid : 0;
		holder.fd = (int)file->fd;
	}
	return sink->add_holder(sink->context, &holder);
}

int kernel_mounts_add_detached(struct kernel_mounts *mounts, const struct record_file *file,
			       const struct sink *sink)
{
	uint32_t first = map_find(&mounts->trees, file->mnt_ns);
	int ret = 0;

	if (first == MAP_NONE || mounts->is_held[first])
		return 0;
	mounts->is_held[first] = true;
	for (uint32_t i = first; i != MAP_NONE && ret == 0; i = mounts->next[i])
		ret = emit_holder(mounts, i, file, sink);
	return ret;
}

static bool has_mount(const struct snapshot *known, enum ns_type type, ino_t ino)
{
	uint32_t index = snapshot_find_ns(known, type, ino);
	const struct holder_tally *tally;

	if (index == SNAPSHOT_NONE)
		return false;
	tally = &known->namespaces[index].tallies[HOLDER_MOUNT - HOLDER_FILE];
	return tally->kept > 0 || tally->more > 0;
}

/* One mount is reason enough: where others of the namespace are known, this one is left out. */
static int emit_unknown(const struct kernel_mounts *mounts, uint32_t number, const struct sink *sink)
{
	const struct walk_record *mount = &mounts->walker.records[number];
	uint32_t first = is_detached(mount) ? map_find(&mounts->trees, mount->mnt_ns) : MAP_NONE;
	enum ns_type type;

	if (mount->mnt_ns == 0 || !is_wanted(mounts, mount, &type))
		return 0;
	if (first != MAP_NONE ? mounts->is_held[first] : has_mount(sink->known, type, mount->inum))
		return 0;
	return emit_holder(mounts, number, NULL, sink);
}

int kernel_mounts_finish(const struct kernel_mounts *mounts, const struct sink *sink)
{
	uint32_t count = mounts->walker.state ? mounts->walker.state->count : 0;
	int ret = 0;

	for (uint32_t i = 0; i < count && ret == 0; i++)
		ret = emit_unknown(mounts, i, sink);
	return ret;
}

void kernel_mounts_close(struct kernel_mounts *mounts)
{
	walker_close(&mounts->walker);
	map_free(&mounts->mounted_in);
	map_free(&mounts->trees);
	free(mounts->next);
	free(mounts->is_held);
	mounts->next = NULL;
	mounts->is_held = NULL;
}
