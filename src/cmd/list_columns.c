/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/list_columns.h"

#include <errno.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "cmd/kept_names.h"
#include "cmd/report.h"
#include "keep/base_directory.h"
#include "ns/netnsid.h"
#include "query/mount_path.h"
#include "table/lines.h"

/* Data that all rows share. */
struct list_view {
	const struct snapshot *snapshot;
	uint32_t own_mnt; /* the caller's mnt namespace, or SNAPSHOT_NONE */
	bool as_lsns;
	bool as_json;
	const struct mount_path *paths; /* by holder; NULL: not wanted, or as_lsns */
	const struct kept_names *kept;
};

struct list_row {
	struct task_row task;
	const struct list_view *view;
	const struct row *row;
	const struct snapshot_ns *ns;
};

static int fill_inode(struct cell *cell, const void *data)
{
	const struct list_row *row = data;

	return cell_set_number(cell, row->ns->ino);
}

static int fill_ns_type(struct cell *cell, const void *data)
{
	const struct list_row *row = data;

	return cell_set_text(cell, ns_type_name(row->ns->type));
}

/* lsns(8) prints 0 where there is none. */
static int fill_relation(struct cell *cell, const struct list_row *row,
			 const struct snapshot_relation *relation)
{
	if (relation->state == RELATION_KNOWN)
		return cell_set_number(cell, row->view->snapshot->namespaces[relation->ns].ino);
	if (row->view->as_lsns)
		return cell_set_number(cell, 0);
	if (relation->state == RELATION_UNKNOWN)
		return 0;
	return cell_set_note(cell, relation->state == RELATION_NONE ? "-" : "outside");
}

static int fill_pns(struct cell *cell, const void *data)
{
	const struct list_row *row = data;

	return fill_relation(cell, row, &row->ns->parent);
}

static int fill_ons(struct cell *cell, const void *data)
{
	const struct list_row *row = data;

	return fill_relation(cell, row, &row->ns->owner);
}

/*
 * The mount point as seen from here, in another mnt namespace through a process
 * there; false where that does not lead to this mount.  lsns(8) shows its own
 * only, wherever they lead.
 */
static bool format_point(const struct list_view *view, uint32_t holder, char *path, size_t size)
{
	const struct snapshot_holder *mount = &view->snapshot->holders[holder];
	const char *point = snapshot_mount_point(view->snapshot, mount);
	char prefix[MOUNT_PREFIX_SIZE] = "";

	if (view->paths) {
		if (view->paths[holder].access != MOUNT_REACHED)
			return false;
		mount_path_prefix(&view->paths[holder], prefix);
	} else if (mount->mnt_ns != view->own_mnt && mount->mnt_ns != SNAPSHOT_NONE) {
		return false;
	}
	return (size_t)snprintf(path, size, "%s%s", prefix, point) < size;
}

static bool is_kept_mount(const struct list_view *view, const struct snapshot_holder *holder)
{
	return holder->kind == HOLDER_MOUNT && strncmp(snapshot_mount_point(view->snapshot, holder),
						       KEEP_DIRECTORY "/", strlen(KEEP_DIRECTORY "/")) == 0;
}

/* Whether the caller's mnt namespace has it below KEEP_DIRECTORY: the same in others are copies. */
static bool is_kept_here(const struct list_row *row)
{
	const struct list_view *view = row->view;

	for (uint32_t i = row->ns->first_holder; i != SNAPSHOT_NONE; i = view->snapshot->holders[i].next) {
		const struct snapshot_holder *holder = &view->snapshot->holders[i];

		if (holder->mnt_ns == view->own_mnt && is_kept_mount(view, holder))
			return true;
	}
	return false;
}

static int compare_points(const void *left, const void *right)
{
	return strcmp(left, right);
}

static void keep_point(void *point)
{
	(void)point;
}

/* Writes how many mounts are not listed; JSON has that among its warnings. */
static void write_rest(const struct list_row *row, FILE *out)
{
	uint64_t more = snapshot_count_more(row->ns, HOLDER_MOUNT);

	if (more > 0 && !row->view->as_lsns && !row->view->as_json)
		fprintf(out, "\nand %ju more", (uintmax_t)more);
}

/* Writes each path once: as lsns(8) has it, several mounts may be at one point. */
static int write_points(const struct list_row *row, FILE *out)
{
	const struct list_view *view = row->view;
	char path[4096 + MOUNT_PREFIX_SIZE];
	bool skips_copies = !view->as_lsns && is_kept_here(row);
	void *seen = NULL;
	size_t count = 0;
	int ret = 0;

	for (uint32_t i = row->ns->first_holder; i != SNAPSHOT_NONE && ret == 0;
	     i = view->snapshot->holders[i].next) {
		const struct snapshot_holder *holder = &view->snapshot->holders[i];
		const char *point = snapshot_mount_point(view->snapshot, holder);
		char **known;

		if (skips_copies && holder->mnt_ns != view->own_mnt && is_kept_mount(view, holder))
			continue;
		if (holder->kind != HOLDER_MOUNT || !format_point(view, i, path, sizeof(path)))
			continue;
		known = view->as_lsns ? tsearch(point, &seen, compare_points) : NULL;
		if (view->as_lsns && !known)
			ret = -ENOMEM;
		if (known && *known != point)
			continue;
		if (count++ > 0)
			fputc('\n', out);
		lines_write(out, path);
	}
	tdestroy(seen, keep_point);
	if (count > 0)
		write_rest(row, out);
	return ret;
}

static int fill_nsfs(struct cell *cell, const void *data)
{
	AUTO_FREE char *all = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&all, &size);
	int ret = out ? write_points(data, out) : -ENOMEM;

	if (out && fclose(out) != 0)
		ret = -ENOMEM;
	if (ret < 0)
		return ret;
	return size > 0 ? cell_set_text(cell, all) : 0;
}

static int fill_kept(struct cell *cell, const void *data)
{
	const struct list_row *row = data;
	uint32_t ns = row->row->ns;
	AUTO_FREE char *names = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&names, &size);

	if (!out)
		return -ENOMEM;
	kept_names_write(row->view->kept, row->view->snapshot, &ns, 1, out);
	if (fclose(out) != 0)
		return -ENOMEM;
	return size > 0 ? cell_set_text(cell, names) : 0;
}

static int fill_path(struct cell *cell, const void *data)
{
	const struct list_row *row = data;
	const struct snapshot *snapshot = row->view->snapshot;
	uint32_t task = row->row->task;
	const struct snapshot_task *by;
	const char *link;
	char path[96];

	if (task == SNAPSHOT_NONE && !row->view->as_lsns)
		task = row->ns->first_for_children;
	if (task == SNAPSHOT_NONE)
		return 0;
	by = &snapshot->tasks[task];
	link = ns_link_name(snapshot_task_link(snapshot, task, row->row->ns));
	if (snapshot_is_leader(by))
		snprintf(path, sizeof(path), "/proc/%d/ns/%s", by->pid, link);
	else
		snprintf(path, sizeof(path), "/proc/%d/task/%d/ns/%s", by->tgid, by->pid, link);
	return cell_set_text(cell, path);
}

static int fill_netnsid(struct cell *cell, const void *data)
{
	const struct list_row *row = data;
	char number[16];

	if (!row->ns->has_netnsid)
		return 0;
	if (row->ns->netnsid == NETNSID_UNASSIGNED)
		return cell_set_text(cell, "unassigned");
	snprintf(number, sizeof(number), "%d", row->ns->netnsid);
	return cell_set_text(cell, number);
}

static int fill_ns_id(struct cell *cell, const void *data)
{
	const struct list_row *row = data;

	return row->ns->id ? cell_set_number(cell, row->ns->id) : 0;
}

/* Filled only for a namespace without processes. */
static int fill_holders(struct cell *cell, const void *data)
{
	const struct snapshot_ns *ns = ((const struct list_row *)data)->ns;
	char text[128] = "";

	if (ns->process_count > 0)
		return 0;
	for (enum holder_kind kind = 0; kind < HOLDER_KIND_COUNT; kind++) {
		size_t used = strlen(text);

		if (ns->kinds & 1U << kind)
			snprintf(text + used, sizeof(text) - used, "%s%s", used ? "," : "",
				 holder_kind_name(kind));
	}
	/* The kernel's record says that much. */
	if (ns->kinds & 1U << HOLDER_KERNEL && ns->has_refs && ns->is_stashed)
		strncat(text, "(file)", sizeof(text) - strlen(text) - 1);
	return text[0] ? cell_set_text(cell, text) : 0;
}

static int fill_ns_refs(struct cell *cell, const void *data)
{
	const struct list_row *row = data;

	return row->ns->has_refs ? cell_set_number(cell, row->ns->refs) : 0;
}

const struct column list_columns[] = {
    {"NS", "inode: the namespace's identity", COLUMN_NUMBER, 0, fill_inode, .width = 10},
    {"TYPE", "type of the namespace", COLUMN_TEXT, 0, fill_ns_type, .width = 5},
    {"PATH", "a path by which it can be opened", COLUMN_TEXT, NEED_PROCESSES, fill_path},
    {"NETNSID", "number that the caller's net namespace has for it", COLUMN_TEXT,
     NEED_RELATIONS | NEED_NETNSIDS, fill_netnsid, .is_right = true},
    {"NSFS", "mount points by which it can be reached", COLUMN_LIST, NEED_PROCESSES | NEED_MOUNTS, fill_nsfs},
    {"KEPT", "names of nsctl keep", COLUMN_LIST, NEED_KEPT, fill_kept, .is_optional = true},
    {"PNS", "inode of the parent of a pid or user namespace", COLUMN_NUMBER, NEED_RELATIONS, fill_pns,
     .width = 10},
    {"ONS", "inode of the user namespace that owns it", COLUMN_NUMBER, NEED_RELATIONS, fill_ons, .width = 10},
    {"NSID", "64-bit id, unique for the boot (Linux 6.18)", COLUMN_NUMBER, NEED_RELATIONS, fill_ns_id},
    {"HOLDERS", "what holds it, where it has no process", COLUMN_TEXT, NEED_PROCESSES, fill_holders},
    {"REFS", "the kernel's reference count; requires BPF", COLUMN_NUMBER, NEED_REFS, fill_ns_refs},
    {0},
};

static int add_list_row(struct table *table, const struct list_view *view, const struct row *row,
			struct error *err)
{
	const struct snapshot_ns *ns = &view->snapshot->namespaces[row->ns];
	const struct list_row shown = {
	    .task = {.pid = row->task == SNAPSHOT_NONE ? 0 : view->snapshot->tasks[row->task].tgid,
		     .details = &row->details,
		     .process_count = ns->process_count,
		     .task_count = ns->task_count},
	    .view = view,
	    .row = row,
	    .ns = ns,
	};

	return table_add_row(table, &shown, err);
}

static int fill_list_table(struct table *table, const struct list_view *view, const struct rows *rows,
			   struct error *err)
{
	int ret = 0;

	for (size_t i = 0; i < rows->count && ret == 0; i++)
		ret = add_list_row(table, view, &rows->rows[i], err);
	if (ret == 0)
		report_set_parents(table, rows);
	return ret;
}

int list_columns_fill(struct table *table, const struct snapshot *snapshot, const struct rows *rows,
		      const struct table_options *options, uint32_t own_mnt, struct error *err)
{
	AUTO_FREE struct mount_path *paths = NULL;
	AUTO_KEPT_NAMES struct kept_names kept = {0};
	struct list_view view = {.snapshot = snapshot,
				 .own_mnt = own_mnt,
				 .as_lsns = options->as_lsns,
				 .as_json = options->json,
				 .kept = &kept};

	if (!options->as_lsns && table_needs(table) & NEED_MOUNTS) {
		view.paths = paths = mount_paths_of_holders(snapshot, own_mnt);
		if (!paths)
			return error_set_errno(err, ENOMEM, "cannot make a table");
	}
	if (table_needs(table) & NEED_KEPT && kept_names_read(&kept, err) < 0)
		return -err->number;
	return fill_list_table(table, &view, rows, err);
}
