#include "scan/kernel_mounts.h"

#include <errno.h>
#include <stdlib.h>

#include "scan/sources.h"

/* One that was unmounted just now is in no mnt namespace; the kernel's own mounts have an error in its place.
 */
static bool is_in_mnt_ns(const struct walk_record *mount)
{
	return mount->mnt_ns != 0 && mount->mnt_ns < (uint64_t)-4095;
}

static bool is_detached(const struct walk_record *mount)
{
	return is_in_mnt_ns(mount) && (mount->mnt_inum == 0 || mount->mnt_inum == WALK_ANONYMOUS_INUM);
}

/* The namespace that is mounted, or SNAPSHOT_NONE where it is not wanted. */
static int find_or_add_ns(const struct kernel_mounts *mounts, const struct walk_record *mount,
			  struct snapshot *snapshot, uint32_t *index)
{
	enum ns_type type;

	*index = SNAPSHOT_NONE;
	if (!ns_type_from_clone_flag((int)mount->clone_flag, &type) || mount->inum == 0 ||
	    !(mounts->request->types & 1U << type))
		return 0;
	if (snapshot_add_ns(snapshot, type, mount->inum, index) < 0)
		return -ENOMEM;
	snapshot->namespaces[*index].is_listed = true;
	return 0;
}

/* A mount whose mnt namespace is not known by a task is in one that something else holds. */
static int add_place(struct kernel_mounts *mounts, uint32_t number, struct snapshot *snapshot)
{
	const struct walk_record *mount = &mounts->walker.records[number];
	uint32_t first;

	mounts->next[number] = MAP_NONE;
	if (!is_in_mnt_ns(mount))
		return 0;
	if (!is_detached(mount)) {
		if (map_add(&mounts->mounted_in, mount->mnt_inum, 0) < 0)
			return -ENOMEM;
		return snapshot_add_ns(snapshot, NS_MNT, mount->mnt_inum, &first);
	}
	mounts->has_detached = true;
	first = map_find(&mounts->trees, mount->mnt_ns);
	if (first == MAP_NONE)
		return map_add(&mounts->trees, mount->mnt_ns, number) < 0 ? -ENOMEM : 0;
	mounts->next[number] = mounts->next[first];
	mounts->next[first] = number;
	return 0;
}

static int add_all(struct kernel_mounts *mounts, struct snapshot *snapshot)
{
	uint32_t count = mounts->walker.state->count;
	int ret = 0;

	mounts->next = calloc(count + 1, sizeof(*mounts->next));
	mounts->is_held = calloc(count + 1, sizeof(*mounts->is_held));
	if (!mounts->next || !mounts->is_held)
		return -ENOMEM;
	for (uint32_t i = 0; i < count && ret == 0; i++) {
		uint32_t index;

		ret = find_or_add_ns(mounts, &mounts->walker.records[i], snapshot, &index);
		if (ret == 0)
			ret = add_place(mounts, i, snapshot);
	}
	return ret;
}

int kernel_mounts_walk(const struct scan_request *request, const struct kernel_types *types,
		       struct snapshot *snapshot, struct kernel_mounts *mounts)
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
	snapshot->has_broken_list |= !mounts->is_complete;
	return add_all(mounts, snapshot);
}

static int add_holder(const struct kernel_mounts *mounts, uint32_t number, const struct record_file *file,
		      struct snapshot *snapshot)
{
	const struct walk_record *mount = &mounts->walker.records[number];
	struct snapshot_holder holder = {
	    .kind = is_detached(mount) ? HOLDER_DETACHED : HOLDER_MOUNT,
	    .mnt_ns = SNAPSHOT_NONE,
	    .mount_id = mount->mount_id,
	};
	int ret = find_or_add_ns(mounts, mount, snapshot, &holder.ns);

	if (ret < 0 || holder.ns == SNAPSHOT_NONE)
		return ret;
	if (holder.kind == HOLDER_MOUNT)
		holder.mnt_ns = snapshot_find_ns(snapshot, NS_MNT, mount->mnt_inum);
	if (file) {
		holder.pid = (pid_t)file->tgid;
		holder.tid = file->is_own_table ? (pid_t)file->pid : 0;
		holder.fd = (int)file->fd;
	}
	return snapshot_add_mount(snapshot, &holder, "");
}

int kernel_mounts_add_detached(struct kernel_mounts *mounts, const struct record_file *file,
			       struct snapshot *snapshot)
{
	uint32_t first = map_find(&mounts->trees, file->mnt_ns);
	int ret = 0;

	if (first == MAP_NONE || mounts->is_held[first])
		return 0;
	mounts->is_held[first] = true;
	for (uint32_t i = first; i != MAP_NONE && ret == 0; i = mounts->next[i])
		ret = add_holder(mounts, i, file, snapshot);
	return ret;
}

static bool has_mount(const struct snapshot_ns *ns)
{
	const struct holder_tally *tally = &ns->tallies[HOLDER_MOUNT - HOLDER_FILE];

	return tally->kept > 0 || tally->more > 0;
}

/* Of what is mounted elsewhere, too, it is enough to know that. */
static int add_unknown(const struct kernel_mounts *mounts, uint32_t number, struct snapshot *snapshot)
{
	const struct walk_record *mount = &mounts->walker.records[number];
	uint32_t first = is_detached(mount) ? map_find(&mounts->trees, mount->mnt_ns) : MAP_NONE;
	uint32_t index;
	int ret = find_or_add_ns(mounts, mount, snapshot, &index);

	if (ret < 0 || index == SNAPSHOT_NONE || mount->mnt_ns == 0)
		return ret;
	if (first != MAP_NONE ? mounts->is_held[first] : has_mount(&snapshot->namespaces[index]))
		return 0;
	return add_holder(mounts, number, NULL, snapshot);
}

int kernel_mounts_finish(const struct kernel_mounts *mounts, struct snapshot *snapshot)
{
	uint32_t count = mounts->walker.state ? mounts->walker.state->count : 0;
	int ret = 0;

	for (uint32_t i = 0; i < count && ret == 0; i++)
		ret = add_unknown(mounts, i, snapshot);
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
