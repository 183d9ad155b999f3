/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unmount/batch.h"

#include <errno.h>

#include "base/array.h"
#include "base/bounded.h"
#include "unmount/mount.h"

/* Mounts of the held namespace in one mnt namespace. */
struct batch {
	struct inside inside;
	const struct snapshot *snapshot;
	const uint32_t *holders;
	struct unmount_outcome *outcomes;
	bool has_more;   /* mounts were left out, for which an item stands before the holders */
	bool is_entered; /* by this helper */
	int failure;
};

static size_t first_holder(const struct batch *batch)
{
	return batch->has_more ? 1 : 0;
}

static int unmount_many(struct batch *batch)
{
	if (batch->failure == 0)
		mount_unmount_many(&batch->inside);
	return 0;
}

static int unmount_in_helper(size_t item, struct bounded_reply *reply, void *context)
{
	struct batch *batch = context;
	const struct snapshot_holder *holder;
	struct unmount_outcome outcome;

	if (!batch->is_entered) {
		batch->is_entered = true;
		batch->failure = inside_enter(&batch->inside);
	}
	if (item < first_holder(batch))
		return unmount_many(batch);
	item -= first_holder(batch);
	outcome = batch->outcomes[item];
	holder = &batch->snapshot->holders[batch->holders[item]];
	if (batch->failure == 0)
		mount_unmount(&batch->inside, snapshot_mount_point(batch->snapshot, holder), &outcome);
	else
		outcome.result = batch->failure == -EPERM ? UNMOUNT_DENIED : UNMOUNT_UNREACHED;
	return bounded_store(reply, &outcome, sizeof(outcome)) ? 0 : -ENOMEM;
}

/* One helper after the other: two could take off each other's covers. */
static void run_batch(struct batch *batch, size_t count)
{
	AUTO_BOUNDED struct bounded answers = {0};
	const int keep[] = {batch->inside.mnt.fd, batch->inside.proc_fd};
	size_t first = first_holder(batch);
	const struct bounded_job job = {
	    .count = first + count,
	    .limit = sizeof(struct unmount_outcome),
	    .items_per_helper = count + 2,
	    .work = unmount_in_helper,
	    .context = batch,
	    .keep = keep,
	    .keep_count = 2,
	};

	bounded_run(&job, unanswered_patience(batch->snapshot->unanswered), &answers);
	for (size_t i = 0; i < count; i++) {
		size_t size;
		const struct unmount_outcome *outcome =
		    answers.shared ? bounded_data(&answers, first + i, &size) : NULL;

		batch->outcomes[i].result = UNMOUNT_UNANSWERED;
		if (outcome)
			batch->outcomes[i] = *outcome;
	}
}

static int open_mnt_ns(const struct unmounting *unmounting, uint32_t mnt_ns, struct ns *ns)
{
	const struct snapshot *snapshot = unmounting->snapshot;

	*ns = NS_CLOSED;
	if (mnt_ns == SNAPSHOT_NONE)
		return -ENOENT;
	if (snapshot->namespaces[mnt_ns].ino == unmounting->own_mnt)
		return ns_open_at(unmounting->proc_fd, "self/ns/mnt", ns);
	return scan_open_ns(snapshot, mnt_ns, ns);
}

static int add_outcome(struct unmount_outcomes *outcomes, const struct unmount_outcome *outcome)
{
	struct unmount_outcome *larger =
	    array_reserve(outcomes->outcomes, &outcomes->capacity, outcomes->count, sizeof(*larger));

	if (!larger)
		return -ENOMEM;
	outcomes->outcomes = larger;
	larger[outcomes->count++] = *outcome;
	return 0;
}

int batch_unmount(const struct unmounting *unmounting, const uint32_t *holders, size_t count)
{
	const struct snapshot *snapshot = unmounting->snapshot;
	uint32_t mnt_ns = snapshot->holders[holders[0]].mnt_ns;
	struct unmount_outcomes *outcomes = unmounting->outcomes;
	struct batch batch = {.inside = INSIDE, .snapshot = snapshot, .holders = holders};
	AUTO_NS struct ns mnt = NS_CLOSED;
	int ret = open_mnt_ns(unmounting, mnt_ns, &mnt);
	size_t first = outcomes->count;

	for (size_t i = 0; i < count; i++) {
		const struct unmount_outcome unreached = {
		    .mnt_ns = mnt_ns == SNAPSHOT_NONE ? 0 : snapshot->namespaces[mnt_ns].ino,
		    .mount_id = snapshot->holders[holders[i]].mount_id,
		    .round = unmounting->round,
		    .result = UNMOUNT_UNREACHED,
		    .number = -ret,
		};

		if (add_outcome(outcomes, &unreached) < 0)
			return -ENOMEM;
	}
	if (ret < 0)
		return 0;
	batch.outcomes = outcomes->outcomes + first;
	batch.has_more = count >= HOLDERS_OF_ONE;
	batch.inside.mnt = mnt;
	batch.inside.held = unmounting->held;
	batch.inside.proc_fd = unmounting->proc_fd;
	batch.inside.is_own = mnt.ino == unmounting->own_mnt;
	run_batch(&batch, count);
	return 0;
}
