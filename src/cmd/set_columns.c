/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/set_columns.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "cmd/kept_names.h"
#include "query/nsproxy.h"

/* Data that all rows share. */
struct sets_view {
	const struct snapshot *snapshot;
	const struct set_rows *rows;
	uint32_t *first_row; /* by namespace: index + 1 of the first row that owns it; 0: none */
	struct nsproxy_labels labels;
	bool with_addresses;
	const struct kept_names *kept;
};

struct sets_row {
	struct task_row task; /* of the founder */
	const struct sets_view *view;
	const struct set_row *set;
};

/* nsenter(1)'s letters, in the order of its --help. */
static const struct {
	char letter;
	enum ns_type type;
} letters[NS_TYPE_COUNT] = {{'m', NS_MNT}, {'u', NS_UTS},    {'i', NS_IPC},  {'n', NS_NET},
			    {'p', NS_PID}, {'C', NS_CGROUP}, {'U', NS_USER}, {'T', NS_TIME}};

/* Marks of namespaces that are neither the host's nor inherited. */
#define OWN_MARKS "muinpCUT>="

/* The link that says what the next child will be in: of most types the link itself. */
static enum ns_link children_link(enum ns_link link)
{
	if (link == NS_LINK_PID)
		return NS_LINK_PID_FOR_CHILDREN;
	return link == NS_LINK_TIME ? NS_LINK_TIME_FOR_CHILDREN : link;
}

static uint32_t ns_at(const struct sets_row *row, enum ns_link link)
{
	return row->view->snapshot->sets[row->set->set].ns[link];
}

static ino_t inode_at(const struct sets_row *row, enum ns_link link)
{
	uint32_t ns = ns_at(row, link);

	return ns == SNAPSHOT_NONE ? 0 : row->view->snapshot->namespaces[ns].ino;
}

/* The first row that owns this namespace, unless that is this row; NULL: none. */
static const struct set_row *find_sharer(const struct sets_row *row, enum ns_type type)
{
	enum ns_link link = ns_type_link(type);
	uint32_t ns = ns_at(row, link);
	uint32_t first;

	if (row->set->marks[link] != MARK_OWN || ns == SNAPSHOT_NONE)
		return NULL;
	first = row->view->first_row[ns];
	if (first == 0 || &row->view->rows->rows[first - 1] == row->set)
		return NULL;
	return &row->view->rows->rows[first - 1];
}

static char mark_char(const struct sets_row *row, char letter, enum ns_type type)
{
	enum ns_link link = ns_type_link(type);

	if (inode_at(row, link) != inode_at(row, children_link(link)))
		return '>';
	switch (row->set->marks[link]) {
	case MARK_HOST:
		return '-';
	case MARK_BORN:
		return '^';
	case MARK_OWN:
		if (find_sharer(row, type))
			return '=';
		return letter;
	case MARK_UNKNOWN:
		break;
	}
	return '?';
}

static int fill_marks(struct cell *cell, const void *data)
{
	const struct sets_row *row = data;
	char text[NS_TYPE_COUNT + 1] = "";

	for (size_t i = 0; i < NS_TYPE_COUNT; i++)
		text[i] = mark_char(row, letters[i].letter, letters[i].type);
	if (!row->set->is_host && strpbrk(text, OWN_MARKS))
		cell_emphasize(cell);
	return cell_set_shown_text(cell, text, row->set->is_host ? "host" : NULL);
}

static pid_t founder_of(const struct sets_row *row, const struct set_row *set)
{
	return row->view->snapshot->tasks[set->founder].pid;
}

/* Whether an earlier type of the row has the same sharer. */
static bool is_named(const struct sets_row *row, const struct set_row *sharer, size_t index)
{
	for (size_t i = 0; i < index; i++) {
		if (find_sharer(row, letters[i].type) == sharer)
			return true;
	}
	return false;
}

/* For people each set once, by its PID; for programs "net:1234". */
static int fill_shares(struct cell *cell, const void *data)
{
	const struct sets_row *row = data;
	char text[NS_TYPE_COUNT * 24] = "";
	char shown[NS_TYPE_COUNT * 12] = "";

	for (size_t i = 0; i < NS_TYPE_COUNT; i++) {
		const struct set_row *sharer = find_sharer(row, letters[i].type);
		size_t used = strlen(text);
		size_t length = strlen(shown);

		if (!sharer)
			continue;
		snprintf(text + used, sizeof(text) - used, "%s%s:%d", used ? "\n" : "",
			 ns_type_name(letters[i].type), founder_of(row, sharer));
		if (!is_named(row, sharer, i))
			snprintf(shown + length, sizeof(shown) - length, "%s%d", length ? "\n" : "",
				 founder_of(row, sharer));
	}
	return text[0] ? cell_set_shown_text(cell, text, shown) : 0;
}

/* The inode; or - for the host's, ^ for an inherited one; and behind > what the next child will be in. */
static int fill_set_link(struct cell *cell, const void *data)
{
	const struct sets_row *row = data;
	enum ns_link link = (enum ns_link)cell_number(cell);
	ino_t ino = inode_at(row, link);
	ino_t children = inode_at(row, children_link(link));
	char shown[24];
	char next[24] = "?";
	char text[64];

	if (ino == 0)
		return 0;
	snprintf(shown, sizeof(shown), "%ju", (uintmax_t)ino);
	if (row->set->marks[link] == MARK_HOST || row->set->marks[link] == MARK_BORN)
		snprintf(shown, sizeof(shown), "%s", row->set->marks[link] == MARK_HOST ? "-" : "^");
	if (children == ino)
		return cell_set_shown_number(cell, ino, shown);
	if (children != 0)
		snprintf(next, sizeof(next), "%ju", (uintmax_t)children);
	snprintf(text, sizeof(text), "%s>%s", shown, next);
	return cell_set_shown_number(cell, ino, text);
}

/* The types with the mark that is the column's number. */
static int fill_types(struct cell *cell, const void *data)
{
	const struct sets_row *row = data;
	char text[128] = "";

	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		size_t used = strlen(text);

		if (row->set->marks[ns_type_link(type)] == (enum set_mark)cell_number(cell))
			snprintf(text + used, sizeof(text) - used, "%s%s", used ? "\n" : "",
				 ns_type_name(type));
	}
	return text[0] ? cell_set_text(cell, text) : 0;
}

static int fill_nsproxy(struct cell *cell, const void *data)
{
	const struct sets_row *row = data;
	char text[NSPROXY_LABEL_SIZE];

	if (row->set->nsproxy == 0)
		return 0;
	if (row->view->with_addresses)
		snprintf(text, sizeof(text), "0x%jx", (uintmax_t)row->set->nsproxy);
	else if (!nsproxy_label(&row->view->labels, row->set->nsproxy, text, sizeof(text)))
		return 0;
	return cell_set_text(cell, text);
}

/* The count, and how many of it are not of tasks that were found. */
static int fill_nsproxy_refs(struct cell *cell, const void *data)
{
	const struct sets_row *row = data;
	const struct set_row *set = row->set;
	char text[32];

	if (set->nsproxy == 0)
		return 0;
	snprintf(text, sizeof(text), "%u%+d", set->nsproxy_tasks, (int)(set->refs - set->nsproxy_tasks));
	return cell_set_shown_number(cell, set->refs, set->refs == set->nsproxy_tasks ? NULL : text);
}

static int fill_nsproxy_tasks(struct cell *cell, const void *data)
{
	const struct sets_row *row = data;

	return row->set->nsproxy ? cell_set_number(cell, row->set->nsproxy_tasks) : 0;
}

static int fill_set_kept(struct cell *cell, const void *data)
{
	const struct sets_row *row = data;
	AUTO_FREE char *names = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&names, &size);

	if (!out)
		return -ENOMEM;
	kept_names_write(row->view->kept, row->view->snapshot, row->view->snapshot->sets[row->set->set].ns,
			 NS_LINK_COUNT, out);
	if (fclose(out) != 0)
		return -ENOMEM;
	return size > 0 ? cell_set_text(cell, names) : 0;
}

#define LINK(name, help, link)                                                                               \
	{                                                                                                    \
		name, help, COLUMN_NUMBER, 0, fill_set_link, .number = (link)                                \
	}
#define TYPES(name, help, mark)                                                                              \
	{                                                                                                    \
		name, help, COLUMN_LIST, 0, fill_types, .number = (mark)                                     \
	}

const struct column set_columns[] = {
    {"NAMESPACES", "a letter for each type that is its own; see nsctl sets --help", COLUMN_TEXT, 0,
     fill_marks},
    {"SHARES", "PIDs of the sets that have those marked = as their own, too", COLUMN_LIST, 0, fill_shares,
     .is_optional = true},
    LINK("CGROUPNS", "inode; - the host's; ^ of the set it was started from", NS_LINK_CGROUP),
    LINK("IPCNS", "the same", NS_LINK_IPC),
    LINK("MNTNS", "the same", NS_LINK_MNT),
    LINK("NETNS", "the same", NS_LINK_NET),
    LINK("PIDNS", "the same; > before the one that its next child will be in", NS_LINK_PID),
    LINK("PIDNS_FOR_CHILDREN", "the one that its next child will be in", NS_LINK_PID_FOR_CHILDREN),
    LINK("TIMENS", "as PIDNS", NS_LINK_TIME),
    LINK("TIMENS_FOR_CHILDREN", "the one that its next child will be in", NS_LINK_TIME_FOR_CHILDREN),
    LINK("USERNS", "inode, - or ^", NS_LINK_USER),
    LINK("UTSNS", "inode, - or ^", NS_LINK_UTS),
    {"KEPT", "names of nsctl keep for any of its namespaces", COLUMN_LIST, NEED_KEPT, fill_set_kept,
     .is_optional = true},
    {"NSPROXY", "label of the nsproxy that the tasks share", COLUMN_TEXT, 0, fill_nsproxy,
     .is_optional = true},
    {"REFS", "count of the nsproxy: tasks found with it, + other references", COLUMN_NUMBER, 0,
     fill_nsproxy_refs, .is_optional = true},
    {"NSPROXY_TASKS", "tasks found with the nsproxy, in whichever set", COLUMN_NUMBER, 0, fill_nsproxy_tasks},
    TYPES("HOST", "types that it shares with the host", MARK_HOST),
    TYPES("BORN", "types that it shares with the set it was started from", MARK_BORN),
    TYPES("OWN", "types that are its own", MARK_OWN),
    {0},
};

static void find_first_rows(const struct sets_view *view)
{
	for (size_t i = view->rows->count; i > 0; i--) {
		const struct set_row *set = &view->rows->rows[i - 1];

		for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
			uint32_t ns = view->snapshot->sets[set->set].ns[ns_type_link(type)];

			if (ns != SNAPSHOT_NONE && set->marks[ns_type_link(type)] == MARK_OWN)
				view->first_row[ns] = (uint32_t)i;
		}
	}
}

static int add_set_row(struct table *table, const struct sets_view *view, const struct set_row *set,
		       struct error *err)
{
	const struct sets_row shown = {
	    .task = {.pid = view->snapshot->tasks[set->founder].pid,
		     .details = &set->details,
		     .process_count = set->process_count,
		     .task_count = set->task_count},
	    .view = view,
	    .set = set,
	};

	return table_add_row(table, &shown, err);
}

int set_columns_fill(struct table *table, const struct snapshot *snapshot, const struct set_rows *rows,
		     bool with_addresses, struct error *err)
{
	AUTO_FREE uint32_t *first_row = calloc(snapshot->ns_count + 1, sizeof(*first_row));
	AUTO_KEPT_NAMES struct kept_names kept = {0};
	struct sets_view view = {.snapshot = snapshot,
				 .rows = rows,
				 .first_row = first_row,
				 .with_addresses = with_addresses,
				 .kept = &kept};
	int ret = 0;

	if (!first_row)
		return error_set_errno(err, ENOMEM, "cannot make a table");
	if (table_needs(table) & NEED_KEPT && kept_names_read(&kept, err) < 0)
		return -err->number;
	find_first_rows(&view);
	nsproxy_labels_start(&view.labels);
	for (size_t i = 0; i < rows->count && ret == 0; i++) {
		if (rows->rows[i].is_chosen)
			ret = add_set_row(table, &view, &rows->rows[i], err);
	}
	return ret;
}
