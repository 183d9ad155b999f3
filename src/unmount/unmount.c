/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unmount/unmount.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "query/release.h"
#include "unmount/batch.h"

/* How many more scans there are than what was found at first asks for: new mounts may appear all the time. */
#define SPARE_ROUNDS 4

static const char *const reasons[] = {
    [UNMOUNT_LOCKED] = RELEASE_LOCKED,
    [UNMOUNT_DENIED] = "this user may not unmount it",
    [UNMOUNT_HIDDEN] = "hidden under another mount, and no way leads there",
    [UNMOUNT_BUSY] = "hidden under another mount, which is in use",
    [UNMOUNT_UNANSWERED] = "a file system on the way does not answer",
    [UNMOUNT_UNREACHED] = "its mnt namespace cannot be opened",
    [UNMOUNT_COVER_LOST] = "the mount that hid it could not be put back",
    [UNMOUNT_FAILED] = "the kernel refuses to unmount it",
};

const char *unmount_reason(enum unmount_result result)
{
	return reasons[result];
}

void unmount_outcomes_free(struct unmount_outcomes *outcomes)
{
	free(outcomes->outcomes);
	*outcomes = (struct unmount_outcomes){0};
}

/* An inode is that of one namespace at a time. */
static int compare_mounts(const struct unmount_outcome *a, ino_t mnt_ns, uint64_t mount_id)
{
	if (a->mnt_ns != mnt_ns)
		return a->mnt_ns < mnt_ns ? -1 : 1;
	return a->mount_id < mount_id ? -1 : a->mount_id > mount_id;
}

static int compare_outcomes(const void *left, const void *right)
{
	const struct unmount_outcome *a = left;
	const struct unmount_outcome *b = right;
	int order = compare_mounts(a, b->mnt_ns, b->mount_id);

	return order ? order : (int)a->round - (int)b->round;
}

const struct unmount_outcome *unmount_find_outcome(const struct unmount_outcomes *outcomes, ino_t mnt_ns,
						   uint64_t mount_id)
{
	const struct unmount_outcome *last;
	size_t low = 0;
	size_t high = outcomes->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_mounts(&outcomes->outcomes[middle], mnt_ns, mount_id) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0)
		return NULL;
	last = &outcomes->outcomes[low - 1];
	return compare_mounts(last, mnt_ns, mount_id) == 0 ? last : NULL;
}

static int compare_holders(const void *left, const void *right, void *context)
{
	const struct snapshot *snapshot = context;
	const struct snapshot_holder *a = &snapshot->holders[*(const uint32_t *)left];
	const struct snapshot_holder *b = &snapshot->holders[*(const uint32_t *)right];

	if (a->mnt_ns != b->mnt_ns)
		return a->mnt_ns < b->mnt_ns ? -1 : 1;
	/* A mount that covers another one was usually mounted later; ids increase. */
	return a->mount_id > b->mount_id ? -1 : a->mount_id < b->mount_id;
}

static bool is_own(const struct unmounting *unmounting, uint32_t mnt_ns)
{
	return mnt_ns != SNAPSHOT_NONE && unmounting->snapshot->namespaces[mnt_ns].ino == unmounting->own_mnt;
}

/* Lists the mounts; only_own: those in the caller's mnt namespace. */
static size_t list_mounts(const struct unmounting *unmounting, uint32_t ns, bool only_own, uint32_t *holders)
{
	const struct snapshot *snapshot = unmounting->snapshot;
	size_t count = 0;

	for (uint32_t i = snapshot->namespaces[ns].first_holder; i != SNAPSHOT_NONE;
	     i = snapshot->holders[i].next) {
		const struct snapshot_holder *holder = &snapshot->holders[i];

		if (holder->kind == HOLDER_MOUNT && (!only_own || is_own(unmounting, holder->mnt_ns)))
			holders[count++] = i;
	}
	if (count > 0)
		qsort_r(holders, count, sizeof(*holders), compare_holders, (void *)snapshot);
	return count;
}

/* Attempts each mount once.  Returns 0 or -ENOMEM. */
static int unmount_listed(const struct unmounting *unmounting, const uint32_t *holders, size_t count)
{
	const struct snapshot *snapshot = unmounting->snapshot;
	size_t start = 0;
	int ret = 0;

	for (size_t i = 1; i <= count && ret == 0; i++) {
		if (i < count &&
		    snapshot->holders[holders[i]].mnt_ns == snapshot->holders[holders[start]].mnt_ns)
			continue;
		ret = batch_unmount(unmounting, holders + start, i - start);
		start = i;
	}
	return ret;
}

/* The mounts in the caller's own mnt namespace; if there are none, all.  Returns 0 or -ENOMEM. */
static int unmount_once(const struct unmounting *unmounting, uint32_t ns, bool own_first)
{
	AUTO_FREE uint32_t *holders = calloc(unmounting->snapshot->holder_count + 1, sizeof(*holders));
	size_t count;

	if (!holders)
		return -ENOMEM;
	count = own_first ? list_mounts(unmounting, ns, true, holders) : 0;
	if (count == 0)
		count = list_mounts(unmounting, ns, false, holders);
	return unmount_listed(unmounting, holders, count);
}

static uint64_t count_mounts(const struct snapshot *snapshot, uint32_t ns)
{
	const struct snapshot_ns *about = &snapshot->namespaces[ns];

	return about->tallies[HOLDER_MOUNT - HOLDER_FILE].kept + snapshot_count_more(about, HOLDER_MOUNT);
}

/* Whether an attempt from number first on succeeded. */
static bool has_progress(const struct unmount_outcomes *outcomes, size_t first)
{
	for (size_t i = first; i < outcomes->count; i++) {
		if (outcomes->outcomes[i].result == UNMOUNT_DONE)
			return true;
	}
	return false;
}

/* Scans anew, and finds the namespace again: an id is never reused, an inode is while nothing holds it. */
static int scan_again(const struct scan_request *request, const struct snapshot_ns *wanted,
		      struct snapshot *snapshot, uint32_t *ns, struct error *err)
{
	int ret;

	snapshot_free(snapshot);
	*snapshot = (struct snapshot){0};
	*ns = SNAPSHOT_NONE;
	ret = scan(request, snapshot, err);
	if (ret < 0)
		return ret;
	*ns = snapshot_find_ns(snapshot, wanted->type, wanted->ino);
	if (*ns != SNAPSHOT_NONE && wanted->id != 0 && snapshot->namespaces[*ns].id != 0 &&
	    snapshot->namespaces[*ns].id != wanted->id)
		*ns = SNAPSHOT_NONE;
	return 0;
}

static int unmount_rounds(const struct scan_request *request, struct unmounting *unmounting,
			  struct snapshot *snapshot, uint32_t *ns, struct error *err)
{
	const struct snapshot_ns wanted = snapshot->namespaces[*ns];
	uint64_t left = count_mounts(snapshot, *ns);
	uint64_t rounds = SPARE_ROUNDS + left / HOLDERS_OF_ONE;
	bool own_first = true;
	int ret = 0;

	while (ret == 0 && left > 0 && rounds-- > 0) {
		size_t first = unmounting->outcomes->count;
		uint64_t before = left;

		unmounting->snapshot = snapshot;
		if (unmount_once(unmounting, *ns, own_first) < 0)
			return error_set_errno(err, ENOMEM, "cannot unmount the holders");
		ret = scan_again(request, &wanted, snapshot, ns, err);
		left = ret == 0 && *ns != SNAPSHOT_NONE ? count_mounts(snapshot, *ns) : 0;
		if (!own_first && left >= before && !has_progress(unmounting->outcomes, first))
			break;
		own_first = false;
		unmounting->round++;
	}
	return ret;
}

static ino_t read_own_mnt(int proc_fd)
{
	struct stat st;

	return fstatat(proc_fd, "self/ns/mnt", &st, 0) == 0 ? st.st_ino : 0;
}

int unmount_holders(const struct scan_request *request, struct snapshot *snapshot, uint32_t *ns,
		    struct unmount_outcomes *outcomes, struct error *err)
{
	AUTO_CLOSE int proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct ns held = {
	    .fd = -1, .type = snapshot->namespaces[*ns].type, .ino = snapshot->namespaces[*ns].ino};
	struct unmounting unmounting = {.held = &held, .proc_fd = proc_fd, .outcomes = outcomes};
	/* Held meanwhile, where it can be opened: its inode is not reused. */
	AUTO_NS struct ns kept = NS_CLOSED;
	int ret;

	if (proc_fd < 0 || ns_read_device(&held.dev) < 0)
		return error_set_errno(err, errno, "cannot read /proc");
	unmounting.own_mnt = read_own_mnt(proc_fd);
	scan_open_ns(snapshot, *ns, &kept);
	ret = unmount_rounds(request, &unmounting, snapshot, ns, err);
	if (outcomes->count > 0)
		qsort(outcomes->outcomes, outcomes->count, sizeof(*outcomes->outcomes), compare_outcomes);
	return ret;
}
