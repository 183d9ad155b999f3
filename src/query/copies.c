/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "query/copies.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct sorting {
	const struct snapshot *snapshot;
	uint32_t own_mnt;
};

void mount_copies_free(struct mount_copies *copies)
{
	free(copies->mounts);
	*copies = (struct mount_copies){0};
}

/* The lowest rank represents its copies. */
static int rank_of(const struct sorting *sorting, uint32_t mnt_ns)
{
	if (mnt_ns == SNAPSHOT_NONE)
		return 3;
	if (mnt_ns == sorting->own_mnt)
		return 0;
	return sorting->snapshot->namespaces[mnt_ns].first_task != SNAPSHOT_NONE ? 1 : 2;
}

static int compare_numbers(uint32_t a, uint32_t b)
{
	return a < b ? -1 : a > b;
}

static int compare_by_point(const void *left, const void *right, void *context)
{
	const struct sorting *sorting = context;
	const struct snapshot *snapshot = sorting->snapshot;
	uint32_t left_index = ((const struct mount_copy *)left)->holder;
	uint32_t right_index = ((const struct mount_copy *)right)->holder;
	const struct snapshot_holder *a = &snapshot->holders[left_index];
	const struct snapshot_holder *b = &snapshot->holders[right_index];
	int order = strcmp(snapshot_mount_point(snapshot, a), snapshot_mount_point(snapshot, b));

	if (order == 0)
		order = rank_of(sorting, a->mnt_ns) - rank_of(sorting, b->mnt_ns);
	if (order == 0)
		order = compare_numbers(a->mnt_ns, b->mnt_ns);
	return order ? order : compare_numbers(left_index, right_index);
}

static int compare_by_holder(const void *left, const void *right)
{
	return compare_numbers(((const struct mount_copy *)left)->holder,
			       ((const struct mount_copy *)right)->holder);
}

static uint32_t owner_at(const struct snapshot *snapshot, const struct mount_copy *mount)
{
	uint32_t mnt_ns = snapshot->holders[mount->holder].mnt_ns;

	if (mnt_ns == SNAPSHOT_NONE || snapshot->namespaces[mnt_ns].owner.state != RELATION_KNOWN)
		return SNAPSHOT_NONE;
	return snapshot->namespaces[mnt_ns].owner.ns;
}

/* The mounts are at one point; the first of them represent the others. */
static void mark_copies(const struct snapshot *snapshot, struct mount_copy *mounts, size_t count)
{
	uint32_t first = snapshot->holders[mounts[0].holder].mnt_ns;
	uint32_t last = first;
	bool has_other_owner = false;

	for (size_t i = 0; i < count; i++) {
		uint32_t mnt_ns = snapshot->holders[mounts[i].holder].mnt_ns;

		mounts[i].is_copy = mnt_ns != first;
		mounts[0].others += mnt_ns != last;
		last = mnt_ns;
		if (owner_at(snapshot, &mounts[i]) != owner_at(snapshot, &mounts[0]))
			has_other_owner = true;
	}
	for (size_t i = 0; i < count; i++)
		mounts[i].has_other_owner = has_other_owner;
}

static bool has_same_point(const struct snapshot *snapshot, const struct mount_copy *a,
			   const struct mount_copy *b)
{
	return strcmp(snapshot_mount_point(snapshot, &snapshot->holders[a->holder]),
		      snapshot_mount_point(snapshot, &snapshot->holders[b->holder])) == 0;
}

static void mark_all(const struct snapshot *snapshot, const struct mount_copies *copies)
{
	size_t start = 0;

	for (size_t i = 1; i <= copies->count; i++) {
		if (i < copies->count && has_same_point(snapshot, &copies->mounts[i], &copies->mounts[start]))
			continue;
		mark_copies(snapshot, &copies->mounts[start], i - start);
		start = i;
	}
}

static size_t collect_copies(const struct snapshot *snapshot, uint32_t ns, struct mount_copy *mounts)
{
	size_t count = 0;

	for (uint32_t i = snapshot->namespaces[ns].first_holder; i != SNAPSHOT_NONE;
	     i = snapshot->holders[i].next) {
		if (snapshot->holders[i].kind != HOLDER_MOUNT)
			continue;
		if (mounts)
			mounts[count] = (struct mount_copy){.holder = i};
		count++;
	}
	return count;
}

int mount_copies_find(const struct snapshot *snapshot, uint32_t ns, uint32_t own_mnt,
		      struct mount_copies *copies)
{
	struct sorting sorting = {.snapshot = snapshot, .own_mnt = own_mnt};

	*copies = (struct mount_copies){.count = collect_copies(snapshot, ns, NULL)};
	copies->mounts = calloc(copies->count + 1, sizeof(*copies->mounts));
	if (!copies->mounts)
		return -ENOMEM;
	collect_copies(snapshot, ns, copies->mounts);
	if (copies->count == 0)
		return 0;
	qsort_r(copies->mounts, copies->count, sizeof(*copies->mounts), compare_by_point, &sorting);
	mark_all(snapshot, copies);
	qsort(copies->mounts, copies->count, sizeof(*copies->mounts), compare_by_holder);
	return 0;
}
