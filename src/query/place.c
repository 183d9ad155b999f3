/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "query/place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/bounded.h"
#include "base/cleanup.h"
#include "proc/mountinfo.h"
#include "proc/process.h"
#include "query/release.h"
#include "scan/details.h"

/* How many mounts on top of each other are shown of a mnt namespace. */
#define MOUNTS_OF_ONE 16
/* How many processes of a mnt namespace are tried. */
#define MAX_PROCESSES 16
#define NAMESPACES_PER_HELPER 32

struct place_mount {
	uint32_t mnt_ns;
	uint64_t mount_id;
	char what[64]; /* "ext4", "net:[4026532281]" */
};

struct found {
	size_t count;
	struct place_mount mounts[MOUNTS_OF_ONE];
};

struct reading {
	const struct snapshot *snapshot;
	const char *path;
	const uint32_t *mnt_ns; /* by item */
};

struct looking {
	const char *path;
	uint32_t mnt_ns;
	struct found found;
};

static int look_at_place_line(const struct mountinfo_line *line, void *context)
{
	struct looking *looking = context;
	struct found *found = &looking->found;
	struct place_mount *mount = &found->mounts[found->count];
	bool is_ns = strcmp(line->fstype, "nsfs") == 0;

	if (strcmp(line->point, looking->path) != 0)
		return 0;
	*mount = (struct place_mount){.mnt_ns = looking->mnt_ns, .mount_id = line->id};
	snprintf(mount->what, sizeof(mount->what), "%s", is_ns ? line->root : line->fstype);
	return ++found->count == MOUNTS_OF_ONE;
}

/* Returns whether it could be read: the process may have ended, or moved elsewhere. */
static bool read_task(const struct snapshot *snapshot, uint32_t task, struct looking *looking)
{
	AUTO_CLOSE int ns_fd = -1;
	char path[32];
	ino_t ino;

	snprintf(path, sizeof(path), "/proc/%d/ns", snapshot->tasks[task].pid);
	ns_fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return ns_fd >= 0 && process_read_link_at(ns_fd, NS_LINK_MNT, &ino) == 0 &&
	       ino == snapshot->namespaces[looking->mnt_ns].ino &&
	       mountinfo_read(ns_fd, "../mountinfo", look_at_place_line, looking) >= 0;
}

static int read_place_in_helper(size_t item, struct bounded_reply *reply, void *context)
{
	const struct reading *reading = context;
	const struct snapshot *snapshot = reading->snapshot;
	struct looking looking = {.path = reading->path, .mnt_ns = reading->mnt_ns[item]};
	uint32_t task = snapshot->namespaces[looking.mnt_ns].first_task;
	int tried = 0;

	for (; task < snapshot->task_count && tried < MAX_PROCESSES; task++) {
		if (!snapshot_task_is_in(snapshot, task, looking.mnt_ns))
			continue;
		if (read_task(snapshot, task, &looking))
			break;
		tried++;
	}
	return bounded_store(reply, &looking.found, sizeof(looking.found)) ? 0 : -ENOMEM;
}

struct place {
	struct place_mount *mounts;
	size_t count;
	size_t capacity;
};

static int add_place_mount(struct place *place, const struct place_mount *mount)
{
	struct place_mount *larger =
	    array_reserve(place->mounts, &place->capacity, place->count, sizeof(*larger));

	if (!larger)
		return -ENOMEM;
	place->mounts = larger;
	larger[place->count++] = *mount;
	return 0;
}

static int read_namespaces(const struct snapshot *snapshot, const char *path, const uint32_t *mnt_ns,
			   size_t count, struct place *place)
{
	struct reading reading = {snapshot, path, mnt_ns};
	AUTO_BOUNDED struct bounded answers = {0};
	const struct bounded_job job = {
	    .count = count,
	    .limit = sizeof(struct found),
	    .items_per_helper = NAMESPACES_PER_HELPER,
	    .work = read_place_in_helper,
	    .context = &reading,
	};
	int ret = 0;

	if (count > 0)
		bounded_run(&job, unanswered_patience(snapshot->unanswered), &answers);
	for (size_t i = 0; i < count && ret == 0; i++) {
		size_t size;
		const struct found *found = bounded_data(&answers, i, &size);

		if (!found)
			unanswered_add(snapshot->unanswered, UNANSWERED_MOUNTS, 1);
		for (size_t j = 0; found && j < found->count && ret == 0; j++)
			ret = add_place_mount(place, &found->mounts[j]);
	}
	return ret;
}

/* The mounts of namespaces in a mnt namespace without processes. */
static int take_holders(const struct snapshot *snapshot, const char *path, struct place *place)
{
	int ret = 0;

	for (size_t i = 0; i < snapshot->holder_count && ret == 0; i++) {
		const struct snapshot_holder *holder = &snapshot->holders[i];
		const struct snapshot_ns *ns = &snapshot->namespaces[holder->ns];
		struct place_mount mount = {.mnt_ns = holder->mnt_ns, .mount_id = holder->mount_id};

		if (holder->kind != HOLDER_MOUNT || holder->mnt_ns == SNAPSHOT_NONE ||
		    snapshot->namespaces[holder->mnt_ns].first_task != SNAPSHOT_NONE ||
		    strcmp(snapshot_mount_point(snapshot, holder), path) != 0)
			continue;
		snprintf(mount.what, sizeof(mount.what), "%s:[%ju]", ns_type_name(ns->type),
			 (uintmax_t)ns->ino);
		ret = add_place_mount(place, &mount);
	}
	return ret;
}

static int find_mounts_at(const struct snapshot *snapshot, const char *path, struct place *place)
{
	AUTO_FREE uint32_t *mnt_ns = calloc(snapshot->ns_count + 1, sizeof(*mnt_ns));
	size_t count = 0;
	int ret;

	if (!mnt_ns)
		return -ENOMEM;
	for (uint32_t i = 0; i < snapshot->ns_count; i++) {
		if (snapshot->namespaces[i].type == NS_MNT &&
		    snapshot->namespaces[i].first_task != SNAPSHOT_NONE)
			mnt_ns[count++] = i;
	}
	ret = read_namespaces(snapshot, path, mnt_ns, count, place);
	return ret < 0 ? ret : take_holders(snapshot, path, place);
}

static bool has_other_owner(const struct snapshot *snapshot, const struct place *place)
{
	for (size_t i = 1; i < place->count; i++) {
		const struct snapshot_ns *first = &snapshot->namespaces[place->mounts[0].mnt_ns];
		const struct snapshot_ns *ns = &snapshot->namespaces[place->mounts[i].mnt_ns];

		if (ns->owner.state != first->owner.state || ns->owner.ns != first->owner.ns)
			return true;
	}
	return false;
}

static int add_place_row(struct releases *releases, const struct place_mount *mount,
			 const struct mount_query *query, const struct mount_path *path, bool may_be_copy,
			 struct why_rows *rows)
{
	const struct snapshot *snapshot = releases->snapshot;
	const struct snapshot_ns *mnt_ns = &snapshot->namespaces[mount->mnt_ns];
	struct why_row row = {
	    .kind = HOLDER_MOUNT, .fd = -1, .ns = mount->mnt_ns, .processes = mnt_ns->process_count};
	struct task_details details = {0};

	if (mnt_ns->first_task != SNAPSHOT_NONE) {
		row.pid = snapshot->tasks[mnt_ns->first_task].pid;
		scan_details(snapshot, mnt_ns->first_task, DETAIL_COMMAND, &details);
		row.command = details.texts[TEXT_COMMAND];
	}
	if (asprintf(&row.detail, "%s at %s", mount->what, query->point) < 0)
		row.detail = NULL;
	if (!row.detail || release_mount(releases, query, path, may_be_copy, &row) < 0) {
		why_row_free(&row);
		return -ENOMEM;
	}
	return why_rows_add(rows, &row);
}

static int make_place_rows(const struct snapshot *snapshot, const char *path, uint32_t own_mnt,
			   const struct place *place, struct why_rows *rows)
{
	AUTO_FREE struct mount_query *queries = calloc(place->count + 1, sizeof(*queries));
	AUTO_FREE struct mount_path *paths = calloc(place->count + 1, sizeof(*paths));
	AUTO_RELEASES struct releases releases;
	bool may_be_copy = has_other_owner(snapshot, place);
	int ret = queries && paths ? 0 : -ENOMEM;

	releases_start(&releases, snapshot, SNAPSHOT_NONE);
	for (size_t i = 0; i < place->count && ret == 0; i++)
		queries[i] = (struct mount_query){place->mounts[i].mnt_ns, place->mounts[i].mount_id, path};
	if (ret == 0)
		ret = mount_paths_find(snapshot, own_mnt, queries, place->count, paths);
	for (size_t i = 0; i < place->count && ret == 0; i++)
		ret = add_place_row(&releases, &place->mounts[i], &queries[i], &paths[i], may_be_copy, rows);
	return ret;
}

int place_make_rows(const struct snapshot *snapshot, const char *path, uint32_t own_mnt,
		    struct why_rows *rows)
{
	struct place place = {0};
	int ret = find_mounts_at(snapshot, path, &place);

	*rows = (struct why_rows){0};
	if (ret == 0)
		ret = make_place_rows(snapshot, path, own_mnt, &place, rows);
	free(place.mounts);
	return ret;
}
