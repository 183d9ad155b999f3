#include "view/list.h"

#include <errno.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "ns/netnsid.h"
#include "view/lines.h"
#include "view/task_cells.h"

const struct column list_columns[LIST_COUNT] = {
    [LIST_NS] = {"NS", "inode: the namespace's identity", COLUMN_NUMBER, true, 10},
    [LIST_TYPE] = {"TYPE", "type of the namespace", COLUMN_TEXT, true, 5},
    [LIST_PATH] = {"PATH", "a path by which it can be opened", COLUMN_TEXT, false},
    [LIST_NPROCS] = {"NPROCS", "processes in it, by their leaders", COLUMN_NUMBER, true, 5},
    [LIST_PID] = {"PID", "process that made it, or the oldest in it", COLUMN_NUMBER, true, 5},
    [LIST_PPID] = {"PPID", "parent of the PID", COLUMN_NUMBER, false, 5},
    [LIST_COMMAND] = {"COMMAND", "command line of the PID", COLUMN_LONG, true},
    [LIST_UID] = {"UID", "user of the PID; without one, who made the owner", COLUMN_NUMBER, false},
    [LIST_USER] = {"USER", "the same by name", COLUMN_TEXT, true},
    [LIST_NETNSID] = {"NETNSID", "number that the caller's net namespace has for it", COLUMN_TEXT, false, 0,
		      true},
    [LIST_NSFS] = {"NSFS", "mount points by which it can be reached", COLUMN_LIST, false},
    [LIST_PNS] = {"PNS", "inode of the parent of a pid or user namespace", COLUMN_NUMBER, false, 10},
    [LIST_ONS] = {"ONS", "inode of the user namespace that owns it", COLUMN_NUMBER, false, 10},
    [LIST_NSID] = {"NSID", "64-bit id, unique for the boot (Linux 6.18)", COLUMN_NUMBER, false},
    [LIST_NTASKS] = {"NTASKS", "threads in it", COLUMN_NUMBER, false},
    [LIST_HOLDERS] = {"HOLDERS", "what holds it, where it has no process", COLUMN_TEXT, true},
    [LIST_REFS] = {"REFS", "the kernel's reference count; requires BPF", COLUMN_NUMBER, false},
    [LIST_AGE] = {"AGE", "how long the PID has been running", COLUMN_NUMBER, false},
    [LIST_STATE] = {"STATE", "state of the PID: R, S, D, T, Z", COLUMN_TEXT, false},
};

static const struct snapshot_ns *ns_of(const struct list_view *view, const struct row *row)
{
	return &view->snapshot->namespaces[row->ns];
}

static const struct snapshot_task *task_of(const struct list_view *view, const struct row *row)
{
	return row->task == SNAPSHOT_NONE ? NULL : &view->snapshot->tasks[row->task];
}

/* lsns(8) prints 0 where there is none. */
static int set_related(const struct list_view *view, size_t column, const struct snapshot_relation *relation,
		       struct error *err)
{
	if (relation->state == RELATION_KNOWN)
		return table_set_number(view->table, column, view->snapshot->namespaces[relation->ns].ino,
					err);
	if (view->as_lsns)
		return table_set_number(view->table, column, 0, err);
	if (relation->state == RELATION_UNKNOWN)
		return 0;
	return table_set_note(view->table, column, relation->state == RELATION_NONE ? "-" : "outside", err);
}

static int set_user(struct list_view *view, const struct row *row, size_t column, struct error *err)
{
	if (column == LIST_USER)
		return cell_set_user(view->table, column, &row->details, err);
	return row->details.has_uid ? table_set_number(view->table, column, row->details.uid, err) : 0;
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

static int compare_points(const void *left, const void *right)
{
	return strcmp(left, right);
}

static void keep_point(void *point)
{
	(void)point;
}

/* What is not listed; JSON has that among its warnings. */
static void write_rest(const struct list_view *view, const struct row *row, FILE *out)
{
	uint64_t more = snapshot_count_more(ns_of(view, row), HOLDER_MOUNT);

	if (more > 0 && !view->as_lsns && !view->as_json)
		fprintf(out, "\nand %ju more", (uintmax_t)more);
}

/* Writes each path once: as lsns(8) has it, several mounts may be at one point. */
static int write_points(const struct list_view *view, const struct row *row, FILE *out)
{
	char path[4096 + MOUNT_PREFIX_SIZE];
	void *seen = NULL;
	size_t count = 0;
	int ret = 0;

	for (uint32_t i = ns_of(view, row)->first_holder; i != SNAPSHOT_NONE && ret == 0;
	     i = view->snapshot->holders[i].next) {
		const struct snapshot_holder *holder = &view->snapshot->holders[i];
		const char *point = snapshot_mount_point(view->snapshot, holder);
		char **known;

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
		write_rest(view, row, out);
	return ret;
}

static int set_nsfs(const struct list_view *view, const struct row *row, struct error *err)
{
	AUTO_FREE char *all = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&all, &size);
	int ret = out ? write_points(view, row, out) : -ENOMEM;

	if (out && fclose(out) != 0)
		ret = -ENOMEM;
	if (ret < 0)
		return error_set_errno(err, -ret, "cannot make a table");
	return size > 0 ? table_set_text(view->table, LIST_NSFS, all, err) : 0;
}

static int set_path(const struct list_view *view, const struct row *row, struct error *err)
{
	const struct snapshot_ns *ns = ns_of(view, row);
	uint32_t task = row->task == SNAPSHOT_NONE && !view->as_lsns ? ns->first_for_children : row->task;
	const struct snapshot_task *by;
	const char *link;
	char path[96];

	if (task == SNAPSHOT_NONE)
		return 0;
	by = &view->snapshot->tasks[task];
	link = ns_link_name(snapshot_task_link(view->snapshot, task, row->ns));
	if (snapshot_is_leader(by))
		snprintf(path, sizeof(path), "/proc/%d/ns/%s", by->pid, link);
	else
		snprintf(path, sizeof(path), "/proc/%d/task/%d/ns/%s", by->tgid, by->pid, link);
	return table_set_text(view->table, LIST_PATH, path, err);
}

static int set_netnsid(const struct list_view *view, const struct row *row, struct error *err)
{
	const struct snapshot_ns *ns = ns_of(view, row);
	char number[16];

	if (!ns->has_netnsid)
		return 0;
	if (ns->netnsid == NETNSID_UNASSIGNED)
		return table_set_text(view->table, LIST_NETNSID, "unassigned", err);
	snprintf(number, sizeof(number), "%d", ns->netnsid);
	return table_set_text(view->table, LIST_NETNSID, number, err);
}

/* What holds it, where it has no process. */
static int set_holders(const struct list_view *view, const struct row *row, struct error *err)
{
	const struct snapshot_ns *ns = ns_of(view, row);
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
	return text[0] ? table_set_text(view->table, LIST_HOLDERS, text, err) : 0;
}

static int set_of_task(const struct list_view *view, const struct row *row, enum list_column column,
		       struct error *err)
{
	const struct snapshot_task *task = task_of(view, row);

	if (!task)
		return 0;
	if (column == LIST_PID)
		return table_set_number(view->table, column, (uint64_t)task->tgid, err);
	if (column == LIST_PPID && row->details.has_stat)
		return table_set_number(view->table, column, (uint64_t)row->details.ppid, err);
	if (column == LIST_COMMAND)
		return cell_set_command(view->table, column, &row->details, err);
	return 0;
}

static int set_cell(struct list_view *view, const struct row *row, enum list_column column, struct error *err)
{
	const struct snapshot_ns *ns = ns_of(view, row);

	switch (column) {
	case LIST_NS:
		return table_set_number(view->table, column, ns->ino, err);
	case LIST_TYPE:
		return table_set_text(view->table, column, ns_type_name(ns->type), err);
	case LIST_PATH:
		return set_path(view, row, err);
	case LIST_NPROCS:
		return table_set_number(view->table, column, ns->process_count, err);
	case LIST_PID:
	case LIST_PPID:
	case LIST_COMMAND:
		return set_of_task(view, row, column, err);
	case LIST_UID:
	case LIST_USER:
		return set_user(view, row, column, err);
	case LIST_NETNSID:
		return set_netnsid(view, row, err);
	case LIST_NSFS:
		return set_nsfs(view, row, err);
	case LIST_PNS:
		return set_related(view, column, &ns->parent, err);
	case LIST_ONS:
		return set_related(view, column, &ns->owner, err);
	case LIST_NSID:
		return ns->id ? table_set_number(view->table, column, ns->id, err) : 0;
	case LIST_NTASKS:
		return table_set_number(view->table, column, ns->task_count, err);
	case LIST_HOLDERS:
		return set_holders(view, row, err);
	case LIST_REFS:
		return ns->has_refs ? table_set_number(view->table, column, ns->refs, err) : 0;
	case LIST_AGE:
		return cell_set_age(view->table, column, &row->details, err);
	case LIST_STATE:
		return cell_set_state(view->table, column, &row->details, err);
	case LIST_COUNT:
		break;
	}
	return 0;
}

int list_fill(struct list_view *view, const struct rows *rows, struct error *err)
{
	size_t columns = view->as_lsns ? LIST_LSNS_COUNT : LIST_COUNT;
	int ret = 0;

	for (size_t i = 0; i < rows->count && ret == 0; i++) {
		ret = table_add_row(view->table, err);
		for (size_t column = 0; column < columns && ret == 0; column++) {
			if (table_wants(view->table, column))
				ret = set_cell(view, &rows->rows[i], (enum list_column)column, err);
		}
	}
	for (size_t i = 0; i < rows->count && ret == 0; i++) {
		if (rows->rows[i].parent != ROW_NONE)
			table_set_parent(view->table, i, rows->rows[i].parent);
	}
	return ret;
}
