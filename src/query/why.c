/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "query/why.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "query/copies.h"
#include "query/descriptors.h"
#include "query/release.h"
#include "scan/details.h"
#include "scan/files.h"

struct asking {
	const struct snapshot *snapshot;
	uint32_t ns;
	const struct why_request *request;
	struct releases *releases;
	struct why_rows *rows;
};

void why_row_free(struct why_row *row)
{
	free(row->detail);
	free(row->command);
	free(row->release);
	task_details_free(&row->details);
}

void why_rows_free(struct why_rows *rows)
{
	for (size_t i = 0; i < rows->count; i++)
		why_row_free(&rows->rows[i]);
	free(rows->rows);
	*rows = (struct why_rows){0};
}

int why_rows_add(struct why_rows *rows, struct why_row *row)
{
	struct why_row *larger = array_reserve(rows->rows, &rows->capacity, rows->count, sizeof(*larger));

	if (!larger) {
		why_row_free(row);
		return -ENOMEM;
	}
	rows->rows = larger;
	larger[rows->count++] = *row;
	return 0;
}

/* Adds a row, with what would release it. */
static int add(const struct asking *asking, struct why_row *row)
{
	int ret = 0;

	if (row->kind == HOLDER_CHILD || row->kind == HOLDER_OWNED)
		ret = release_related(asking->releases, row);
	else if (row->kind <= HOLDER_DETACHED && row->pid != 0)
		ret = release_process(asking->releases, row);
	if (ret == 0)
		return why_rows_add(asking->rows, row);
	why_row_free(row);
	return ret;
}

/* Takes over the command.  Leaves out a task that ended since the scan. */
static int add_task_row(const struct asking *asking, uint32_t task, enum holder_kind kind,
			struct task_details *details)
{
	const struct snapshot_task *about = &asking->snapshot->tasks[task];
	struct why_row row = {.kind = kind, .pid = about->tgid, .fd = -1, .ns = SNAPSHOT_NONE};

	if (details->is_gone)
		return 0;
	if (!snapshot_is_leader(about))
		row.tid = about->pid;
	row.is_kernel_thread = details->is_kernel_thread;
	row.detail = details->texts[TEXT_COMMAND];
	details->texts[TEXT_COMMAND] = NULL;
	return add(asking, &row);
}

static bool leader_is_in(const struct asking *asking, uint32_t task)
{
	uint32_t leader = snapshot_find_task(asking->snapshot, asking->snapshot->tasks[task].tgid);

	return leader != SNAPSHOT_NONE && snapshot_task_is_in(asking->snapshot, leader, asking->ns);
}

/* Collects holders, except the caller.  Returns their number. */
static size_t find_tasks(const struct asking *asking, enum holder_kind kind, uint32_t *tasks)
{
	const struct snapshot *snapshot = asking->snapshot;
	size_t count = 0;

	for (uint32_t i = 0; i < snapshot->task_count; i++) {
		bool is_leader = snapshot_is_leader(&snapshot->tasks[i]);
		bool holds = snapshot_task_is_in(snapshot, i, asking->ns);

		if (kind == HOLDER_PROCESS)
			holds = holds && is_leader;
		else if (kind == HOLDER_THREAD)
			holds = holds && !is_leader && !leader_is_in(asking, i);
		else
			holds = snapshot_task_has_for_children(snapshot, i, asking->ns);
		if (holds && snapshot->tasks[i].tgid != getpid())
			tasks[count++] = i;
	}
	return count;
}

static int add_tasks(const struct asking *asking, enum holder_kind kind)
{
	const struct snapshot *snapshot = asking->snapshot;
	AUTO_FREE uint32_t *tasks = calloc(snapshot->task_count + 1, sizeof(*tasks));
	AUTO_FREE struct task_details *details = calloc(snapshot->task_count + 1, sizeof(*details));
	size_t count;
	int ret;

	if (!tasks || !details)
		return -ENOMEM;
	count = find_tasks(asking, kind, tasks);
	ret = scan_details_of_all(snapshot, tasks, count, DETAIL_STAT | DETAIL_COMMAND, details);
	for (size_t i = 0; i < count && ret == 0; i++)
		ret = add_task_row(asking, tasks[i], kind, &details[i]);
	for (size_t i = 0; i < count; i++)
		task_details_free(&details[i]);
	return ret;
}

/* Takes over the texts. */
static int add_descriptor_row(const struct asking *asking, const struct snapshot_holder *holder,
			      struct described_file *file)
{
	struct why_row row = {
	    .kind = holder->kind,
	    .pid = holder->pid,
	    .tid = holder->tid,
	    .fd = holder->fd,
	    .ns = SNAPSHOT_NONE,
	    .detail = file->text,
	    .command = file->command,
	};

	*file = (struct described_file){0};
	if (row.detail)
		return add(asking, &row);
	why_row_free(&row);
	return 0;
}

static int add_mount_row(const struct asking *asking, const struct mount_copy *copy,
			 const struct mount_query *mount, const struct mount_path *path)
{
	const struct snapshot *snapshot = asking->snapshot;
	struct why_row row = {
	    .kind = HOLDER_MOUNT,
	    .fd = -1,
	    .ns = mount->mnt_ns,
	    .mount_id = mount->mount_id,
	    .detail = strdup(mount->point),
	};
	int ret = row.detail ? 0 : -ENOMEM;

	if (mount->mnt_ns != SNAPSHOT_NONE && snapshot->namespaces[mount->mnt_ns].first_task != SNAPSHOT_NONE)
		row.pid = snapshot->tasks[snapshot->namespaces[mount->mnt_ns].first_task].pid;
	if (!asking->request->with_copies)
		row.copies = copy->others;
	if (ret == 0)
		ret = release_mount(asking->releases, mount, path, copy->has_other_owner, &row);
	if (ret == 0)
		return why_rows_add(asking->rows, &row);
	why_row_free(&row);
	return ret;
}

/* Keeps those that have a row. */
static void drop_copies(struct mount_copies *copies)
{
	size_t kept = 0;

	for (size_t i = 0; i < copies->count; i++) {
		if (!copies->mounts[i].is_copy)
			copies->mounts[kept++] = copies->mounts[i];
	}
	copies->count = kept;
}

static int add_mounts(const struct asking *asking)
{
	const struct snapshot *snapshot = asking->snapshot;
	uint32_t own_mnt = asking->request->own_mnt;
	AUTO_MOUNT_COPIES struct mount_copies copies = {0};
	AUTO_FREE struct mount_query *mounts = NULL;
	AUTO_FREE struct mount_path *paths = NULL;
	int ret = mount_copies_find(snapshot, asking->ns, own_mnt, &copies);

	if (!asking->request->with_copies)
		drop_copies(&copies);
	mounts = calloc(copies.count + 1, sizeof(*mounts));
	paths = calloc(copies.count + 1, sizeof(*paths));
	if (ret < 0 || !mounts || !paths)
		return -ENOMEM;
	for (size_t i = 0; i < copies.count; i++) {
		const struct snapshot_holder *holder = &snapshot->holders[copies.mounts[i].holder];

		mounts[i] = (struct mount_query){holder->mnt_ns, holder->mount_id,
						 snapshot_mount_point(snapshot, holder)};
	}
	ret = mount_paths_find(snapshot, own_mnt, mounts, copies.count, paths);
	if (ret == 0)
		ret = releases_read_open_mounts(asking->releases);
	for (size_t i = 0; i < copies.count && ret == 0; i++)
		ret = add_mount_row(asking, &copies.mounts[i], &mounts[i], &paths[i]);
	return ret;
}

/* The caller itself is no holder. */
static size_t find_descriptors(const struct asking *asking, enum holder_kind kind, uint32_t *holders)
{
	const struct snapshot *snapshot = asking->snapshot;
	size_t count = 0;

	for (uint32_t i = snapshot->namespaces[asking->ns].first_holder; i != SNAPSHOT_NONE;
	     i = snapshot->holders[i].next) {
		if (snapshot->holders[i].kind == kind && snapshot->holders[i].pid != getpid())
			holders[count++] = i;
	}
	return count;
}

static int add_descriptors(const struct asking *asking, enum holder_kind kind)
{
	const struct snapshot *snapshot = asking->snapshot;
	AUTO_FREE uint32_t *holders = calloc(snapshot->holder_count + 1, sizeof(*holders));
	AUTO_FREE struct described_file *files = calloc(snapshot->holder_count + 1, sizeof(*files));
	size_t count;
	int ret;

	if (!holders || !files)
		return -ENOMEM;
	count = find_descriptors(asking, kind, holders);
	ret = descriptors_describe(snapshot, holders, count, files);
	for (size_t i = 0; i < count && ret == 0; i++)
		ret = add_descriptor_row(asking, &snapshot->holders[holders[i]], &files[i]);
	for (size_t i = 0; i < count; i++) {
		free(files[i].text);
		free(files[i].command);
	}
	return ret;
}

static int compare_related(const void *left, const void *right, void *context)
{
	const struct snapshot *snapshot = context;
	const struct snapshot_ns *a = &snapshot->namespaces[((const struct why_row *)left)->ns];
	const struct snapshot_ns *b = &snapshot->namespaces[((const struct why_row *)right)->ns];

	if (a->type != b->type)
		return a->type < b->type ? -1 : 1;
	return a->ino < b->ino ? -1 : a->ino > b->ino;
}

/* Holders were found in no order. */
static int add_related(const struct asking *asking, enum holder_kind kind)
{
	size_t first = asking->rows->count;
	int ret = 0;

	for (uint32_t i = 0; i < asking->snapshot->ns_count && ret == 0; i++) {
		const struct snapshot_ns *ns = &asking->snapshot->namespaces[i];
		/* The owner of a user namespace is its parent. */
		const struct snapshot_relation *relation = kind == HOLDER_CHILD ? &ns->parent : &ns->owner;
		struct why_row row = {.kind = kind, .fd = -1, .ns = i};

		if (relation->state == RELATION_KNOWN && relation->ns == asking->ns &&
		    (kind == HOLDER_CHILD || ns->type != NS_USER))
			ret = add(asking, &row);
	}
	if (ret == 0 && asking->rows->count > first)
		qsort_r(asking->rows->rows + first, asking->rows->count - first, sizeof(struct why_row),
			compare_related, (void *)asking->snapshot);
	return ret;
}

static int add_kind(const struct asking *asking, enum holder_kind kind)
{
	struct why_row kernel = {.kind = HOLDER_KERNEL, .fd = -1, .ns = SNAPSHOT_NONE};

	if (kind <= HOLDER_FOR_CHILDREN)
		return add_tasks(asking, kind);
	if (kind <= HOLDER_DETACHED)
		return add_descriptors(asking, kind);
	if (kind == HOLDER_MOUNT)
		return add_mounts(asking);
	return kind == HOLDER_KERNEL ? why_rows_add(asking->rows, &kernel) : add_related(asking, kind);
}

static uint32_t find_row_task(const struct snapshot *snapshot, const struct why_row *row)
{
	if (row->pid <= 0)
		return SNAPSHOT_NONE;
	return snapshot_find_task(snapshot, row->tid ? row->tid : row->pid);
}

static void keep_rows_of(const struct snapshot *snapshot, const bool *tasks, struct why_rows *rows)
{
	size_t kept = 0;

	for (size_t i = 0; i < rows->count; i++) {
		uint32_t task = find_row_task(snapshot, &rows->rows[i]);

		rows->unlisted += rows->rows[i].more;
		rows->rows[i].more = 0;
		if (task != SNAPSHOT_NONE && tasks[task])
			rows->rows[kept++] = rows->rows[i];
		else
			why_row_free(&rows->rows[i]);
	}
	rows->count = kept;
}

static int read_row_details(const struct snapshot *snapshot, unsigned int wanted, struct why_rows *rows)
{
	AUTO_FREE uint32_t *tasks = calloc(rows->count + 1, sizeof(*tasks));
	AUTO_FREE struct task_details *details = calloc(rows->count + 1, sizeof(*details));
	int ret;

	if (!tasks || !details)
		return -ENOMEM;
	for (size_t i = 0; i < rows->count; i++)
		tasks[i] = find_row_task(snapshot, &rows->rows[i]);
	ret = scan_details_of_all(snapshot, tasks, rows->count, wanted, details);
	for (size_t i = 0; i < rows->count; i++)
		rows->rows[i].details = details[i];
	return ret;
}

int why_rows_finish(const struct snapshot *snapshot, const struct why_request *request, struct why_rows *rows)
{
	if (request->tasks)
		keep_rows_of(snapshot, request->tasks, rows);
	return request->details ? read_row_details(snapshot, request->details, rows) : 0;
}

int why_make_rows(const struct snapshot *snapshot, uint32_t ns, const struct why_request *request,
		  struct why_rows *rows)
{
	AUTO_RELEASES struct releases releases;
	const struct asking asking = {
	    .snapshot = snapshot, .ns = ns, .request = request, .releases = &releases, .rows = rows};
	int ret = 0;

	*rows = (struct why_rows){.ns = ns};
	releases_start(&releases, snapshot, ns);
	for (enum holder_kind kind = 0; kind < HOLDER_KIND_COUNT && ret == 0; kind++) {
		size_t before = rows->count;

		if (snapshot->namespaces[ns].kinds & 1U << kind)
			ret = add_kind(&asking, kind);
		if (rows->count > before)
			rows->rows[rows->count - 1].more =
			    snapshot_count_more(&snapshot->namespaces[ns], kind);
	}
	return ret < 0 ? ret : why_rows_finish(snapshot, request, rows);
}
