/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bind mounts of namespaces, in every mnt namespace, without entering one. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "scan/mounts_of.h"
#include "scan/sources.h"

/* A helper takes as long to start as the mounts of a few containers to read. */
#define NAMESPACES_PER_HELPER 16
#define ROOM ((size_t)256 << 20)

/* The answer of a helper for one mnt namespace: mounts, and the text of their points behind them. */
struct found_mounts {
	uint64_t id; /* of the mnt namespace */
	uint64_t count;
};

/* Each helper has a copy. */
struct reading {
	struct mounts_reader reader;
	const uint32_t *queue; /* the mnt namespaces to read, by item */
};

static int store(struct bounded_reply *reply, const struct mounts_reader *reader)
{
	const struct found_mounts found = {.id = reader->id, .count = (uint32_t)reader->count};
	size_t size = reader->count * sizeof(*reader->found);
	char *place = bounded_reserve(reply, sizeof(found) + size + reader->text_size);

	if (!place)
		return -ENOBUFS;
	memcpy(place, &found, sizeof(found));
	if (reader->count == 0)
		return 0;
	memcpy(place + sizeof(found), reader->found, size);
	memcpy(place + sizeof(found) + size, reader->text, reader->text_size);
	return 0;
}

static int read_mounts_of_ns(size_t item, struct bounded_reply *reply, void *context)
{
	struct reading *reading = context;
	int ret = mounts_read(&reading->reader, reading->queue[item]);

	return ret < 0 ? ret : store(reply, &reading->reader);
}

static int emit_mount(const struct sink *sink, ino_t mnt_ns, const struct found_mount *mount,
		      const char *text)
{
	const struct sink_holder holder = {.kind = HOLDER_MOUNT,
					   .type = mount->type,
					   .ino = mount->ino,
					   .mnt_ns = mnt_ns,
					   .mount_id = mount->mount_id,
					   .point = text + mount->point,
					   .is_cut = mount->is_cut};
	int ret = 0;

	if (mount->more > 0)
		ret = sink->add_more(sink->context, HOLDER_MOUNT, mount->type, mount->ino, mount->more);
	return ret < 0 ? ret : sink->add_holder(sink->context, &holder);
}

static int emit_mounts(const struct sink *sink, uint32_t mnt_ns, const struct found_mounts *found)
{
	const struct found_mount *mounts = (const struct found_mount *)(found + 1);
	const char *text = (const char *)(mounts + found->count);
	const struct sink_ns ns = {
	    .type = NS_MNT, .ino = sink->known->namespaces[mnt_ns].ino, .id = found->id};
	int ret = sink->add_ns(sink->context, &ns);

	for (uint32_t i = 0; i < found->count && ret == 0; i++)
		ret = emit_mount(sink, ns.ino, &mounts[i], text);
	return ret;
}

/* Moves those without room for an answer to the front of the queue.  Returns how many, or -ENOMEM. */
static long merge(const struct sink *sink, const struct bounded *answers, uint32_t *queue, size_t count)
{
	long left = 0;

	for (size_t i = 0; i < count; i++) {
		size_t size;
		const struct found_mounts *found = bounded_data(answers, i, &size);
		int status = bounded_status(answers, i);

		if (status == -ENOMEM || (found && emit_mounts(sink, queue[i], found) < 0))
			return -ENOMEM;
		sink->add_note(sink->context, NOTE_UNREADABLE_MOUNTS, status == -EACCES);
		if (status < 0 && status != -EACCES && status != -ENOBUFS)
			unanswered_add(sink->known->unanswered, UNANSWERED_MOUNTS, 1);
		if (status == -ENOBUFS)
			queue[left++] = queue[i];
	}
	return left;
}

static int read_mount_queue(struct reading *reading, uint32_t *queue, size_t count, const struct sink *sink)
{
	struct unanswered *unanswered = sink->known->unanswered;

	reading->queue = queue;
	while (count > 0) {
		AUTO_BOUNDED struct bounded answers = {0};
		const struct bounded_job job = {
		    .count = count,
		    .limit = ROOM,
		    .room = ROOM,
		    .items_per_helper = NAMESPACES_PER_HELPER,
		    .work = read_mounts_of_ns,
		    .context = reading,
		};
		long blocked = bounded_run(&job, unanswered_patience(unanswered), &answers);
		long left = merge(sink, &answers, queue, count);

		if (left < 0)
			return -ENOMEM;
		/* Without a helper, or room for a single one, there is no answer. */
		if (blocked < 0 || (size_t)left == count)
			blocked = (long)count;
		unanswered_add(unanswered, UNANSWERED_MOUNTS, (size_t)blocked);
		count = (size_t)left < count ? (size_t)left : 0;
	}
	return 0;
}

/* Those from first on that may have some.  Returns how many, or -ENOMEM. */
static long queue_mnt_namespaces(const struct snapshot *snapshot, const struct map *only, uint32_t first,
				 uint32_t **queue)
{
	long count = 0;

	*queue = calloc(snapshot->ns_count - first, sizeof(**queue));
	for (uint32_t i = first; *queue && i < snapshot->ns_count; i++) {
		const struct snapshot_ns *ns = &snapshot->namespaces[i];

		if (ns->type == NS_MNT && (!only || map_find(only, ns->ino) != MAP_NONE))
			(*queue)[count++] = i;
	}
	return *queue ? count : -ENOMEM;
}

/* A mount may hold a mnt namespace that has mounts, too: reading adds more to read. */
static int read_all_mounts(struct reading *reading, const struct map *only, const struct sink *sink)
{
	const struct snapshot *known = sink->known;
	uint32_t first = 0;

	while (first < known->ns_count) {
		AUTO_FREE uint32_t *queue = NULL;
		long count = queue_mnt_namespaces(known, only, first, &queue);

		first = (uint32_t)known->ns_count;
		if (count < 0 || read_mount_queue(reading, queue, (size_t)count, sink) < 0)
			return -ENOMEM;
	}
	return 0;
}

int scan_mounts(const struct scan_request *request, const struct map *only, const struct sink *sink)
{
	struct reading reading = {0};
	int ret = mounts_reader_open(&reading.reader, request, sink->known);

	if (ret == 0)
		ret = read_all_mounts(&reading, only, sink);
	mounts_reader_close(&reading.reader);
	return ret;
}
