/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "query/rows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "query/shown_task.h"

void rows_free(struct rows *rows)
{
	for (size_t i = 0; i < rows->count; i++)
		task_details_free(&rows->rows[i].details);
	free(rows->rows);
	*rows = (struct rows){0};
}

static int append_row(uint32_t ns, uint32_t task, struct rows *rows)
{
	struct row *larger = array_reserve(rows->rows, &rows->capacity, rows->count, sizeof(*larger));

	if (!larger)
		return -ENOMEM;
	rows->rows = larger;
	larger[rows->count++] = (struct row){.ns = ns, .task = task, .parent = ROW_NONE};
	return 0;
}

/* Finds the first row with each task; the others get copies. */
static int find_firsts(const struct rows *rows, uint32_t *tasks, size_t *first)
{
	AUTO_MAP struct map by_task = {0};

	for (size_t i = 0; i < rows->count; i++) {
		uint32_t task = rows->rows[i].task;

		first[i] = i;
		tasks[i] = task;
		if (task == SNAPSHOT_NONE)
			continue;
		if (map_add(&by_task, task, (uint32_t)i) < 0)
			return -ENOMEM;
		first[i] = map_find(&by_task, task);
		if (first[i] != i)
			tasks[i] = SNAPSHOT_NONE;
	}
	return 0;
}

/* The user of a namespace without a task is the one who created its owner. */
static void set_creators(const struct snapshot *snapshot, const struct rows *rows,
			 struct task_details *details)
{
	for (size_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->rows[i];

		if (row->task != SNAPSHOT_NONE || row->ns == SNAPSHOT_NONE)
			continue;
		details[i].has_uid = snapshot->namespaces[row->ns].has_creator;
		details[i].uid = snapshot->namespaces[row->ns].creator;
	}
}

/* A process often leads several namespaces: its details are read once.  If it ended, the row stays. */
static int read_row_details(const struct snapshot *snapshot, unsigned int wanted, struct rows *rows)
{
	AUTO_FREE uint32_t *tasks = calloc(rows->count + 1, sizeof(*tasks));
	AUTO_FREE size_t *first = calloc(rows->count + 1, sizeof(*first));
	AUTO_FREE struct task_details *details = calloc(rows->count + 1, sizeof(*details));
	int ret = -ENOMEM;

	if (wanted == 0)
		return 0;
	if (details && wanted & DETAIL_USER)
		set_creators(snapshot, rows, details);
	if (tasks && first && details && find_firsts(rows, tasks, first) == 0)
		ret = scan_details_of_all(snapshot, tasks, rows->count, wanted, details);
	for (size_t i = 0; details && i < rows->count; i++)
		rows->rows[i].details = details[i];
	for (size_t i = 0; ret == 0 && i < rows->count; i++) {
		if (first[i] != i)
			ret = task_details_copy(&rows->rows[first[i]].details, &rows->rows[i].details);
	}
	return ret;
}

/*
 * Below the nearest row before it that is of the process's parent; see lsns(8),
 * where that parent may lead rows of other namespaces.
 */
static int hang_below_processes(const struct snapshot *snapshot, struct rows *rows)
{
	AUTO_MAP struct map first_by_pid = {0};
	AUTO_FREE size_t *last = calloc(rows->count + 1, sizeof(*last));

	if (!last)
		return -ENOMEM;
	for (size_t i = 0; i < rows->count; i++) {
		struct row *row = &rows->rows[i];
		uint32_t parent;
		uint32_t own;

		if (row->task == SNAPSHOT_NONE)
			continue;
		parent =
		    row->details.has_stat ? map_find(&first_by_pid, (uint64_t)row->details.ppid) : MAP_NONE;
		if (parent != MAP_NONE && row->details.ppid != snapshot->tasks[row->task].pid)
			row->parent = last[parent];
		own = (uint32_t)i;
		if (map_add(&first_by_pid, (uint64_t)snapshot->tasks[row->task].pid, own) < 0)
			return -ENOMEM;
		last[map_find(&first_by_pid, (uint64_t)snapshot->tasks[row->task].pid)] = i;
	}
	return 0;
}

static int compare_inodes(const void *left, const void *right, void *context)
{
	const struct snapshot *snapshot = context;
	ino_t a = snapshot->namespaces[*(const uint32_t *)left].ino;
	ino_t b = snapshot->namespaces[*(const uint32_t *)right].ino;

	return a < b ? -1 : a > b;
}

static uint32_t related_to(const struct snapshot_ns *ns, enum tree tree)
{
	const struct snapshot_relation *relation = tree == TREE_OWNER ? &ns->owner : &ns->parent;

	return relation->state == RELATION_KNOWN ? relation->ns : SNAPSHOT_NONE;
}

/* User and pid namespaces nest at most 32 deep; a pid namespace also has an owner. */
#define MAX_CHAIN 70

struct ordering {
	const struct snapshot *snapshot;
	const struct rows_request *request;
	struct rows *rows;
	size_t *row_of;        /* by namespace; ROW_NONE: it has none yet */
	const uint32_t *tasks; /* by namespace: which is shown */
};

/* Adds what precedes a namespace: the one that it hangs below, else its owner. */
static uint32_t before(const struct ordering *ordering, uint32_t ns)
{
	const struct snapshot_ns *about = &ordering->snapshot->namespaces[ns];
	enum tree tree = ordering->request->tree;
	uint32_t related =
	    tree == TREE_OWNER || tree == TREE_PARENT ? related_to(about, tree) : SNAPSHOT_NONE;

	if (tree == TREE_PARENT && related == SNAPSHOT_NONE)
		return related_to(about, TREE_OWNER);
	return related;
}

static int add_one(const struct ordering *ordering, uint32_t ns)
{
	const struct snapshot_ns *about = &ordering->snapshot->namespaces[ns];
	enum tree tree = ordering->request->tree;
	uint32_t related =
	    tree == TREE_OWNER || tree == TREE_PARENT ? related_to(about, tree) : SNAPSHOT_NONE;
	int ret;

	ordering->row_of[ns] = ordering->rows->count;
	ret = append_row(ns, ordering->tasks[ns], ordering->rows);
	if (ret == 0 && related != SNAPSHOT_NONE)
		ordering->rows->rows[ordering->row_of[ns]].parent = ordering->row_of[related];
	return ret;
}

static int add_with_related(const struct ordering *ordering, uint32_t ns)
{
	uint32_t chain[MAX_CHAIN];
	size_t length = 0;
	int ret = 0;

	while (ns != SNAPSHOT_NONE && ordering->row_of[ns] == ROW_NONE && length < MAX_CHAIN) {
		chain[length++] = ns;
		ns = before(ordering, ns);
	}
	while (length > 0 && ret == 0)
		ret = add_one(ordering, chain[--length]);
	return ret;
}

static int choose_tasks(const struct snapshot *snapshot, const struct rows_request *request, uint32_t *tasks)
{
	/* A tree also shows namespaces that were not chosen. */
	const bool *chosen =
	    request->tree == TREE_OWNER || request->tree == TREE_PARENT ? NULL : request->chosen;

	if (!request->as_lsns)
		return shown_tasks_choose(snapshot, chosen, tasks);
	for (size_t i = 0; i < snapshot->ns_count; i++)
		tasks[i] = snapshot->namespaces[i].first_task;
	return 0;
}

int rows_of_namespaces(const struct snapshot *snapshot, const struct rows_request *request, struct rows *rows)
{
	AUTO_FREE uint32_t *by_inode = calloc(snapshot->ns_count + 1, sizeof(*by_inode));
	AUTO_FREE size_t *row_of = calloc(snapshot->ns_count + 1, sizeof(*row_of));
	AUTO_FREE uint32_t *tasks = calloc(snapshot->ns_count + 1, sizeof(*tasks));
	struct ordering ordering = {
	    .snapshot = snapshot, .request = request, .rows = rows, .row_of = row_of, .tasks = tasks};
	int ret = 0;

	*rows = (struct rows){0};
	if (!by_inode || !row_of || !tasks || choose_tasks(snapshot, request, tasks) < 0)
		return -ENOMEM;
	for (uint32_t i = 0; i < snapshot->ns_count; i++) {
		by_inode[i] = i;
		row_of[i] = ROW_NONE;
	}
	qsort_r(by_inode, snapshot->ns_count, sizeof(*by_inode), compare_inodes, (void *)snapshot);
	for (size_t i = 0; i < snapshot->ns_count && ret == 0; i++) {
		bool is_chosen = !request->chosen || request->chosen[by_inode[i]];

		if (is_chosen && row_of[by_inode[i]] == ROW_NONE)
			ret = add_with_related(&ordering, by_inode[i]);
	}
	if (ret == 0)
		ret = read_row_details(snapshot, request->details, rows);
	if (ret == 0 && request->tree == TREE_PROCESS)
		ret = hang_below_processes(snapshot, rows);
	return ret;
}

/*
 * A PID that was reused between two reads can make a process its own ancestor.
 * Each row is visited once.
 */
static int cut_circles(struct rows *rows)
{
	AUTO_FREE size_t *walk =
	    calloc(rows->count + 1, sizeof(*walk)); /* the row whose walk came here first, plus 1 */

	if (!walk)
		return -ENOMEM;
	for (size_t i = 0; i < rows->count; i++) {
		size_t at = i;

		while (walk[at] == 0) {
			size_t parent = rows->rows[at].parent;

			walk[at] = i + 1;
			if (parent == ROW_NONE)
				break;
			if (walk[parent] == i + 1)
				rows->rows[at].parent = ROW_NONE;
			at = parent;
		}
	}
	return 0;
}

/* A parent may come after its children. */
static int hang_tasks(const struct snapshot *snapshot, struct rows *rows)
{
	AUTO_MAP struct map row_by_pid = {0};

	for (size_t i = 0; i < rows->count; i++) {
		if (map_add(&row_by_pid, (uint64_t)snapshot->tasks[rows->rows[i].task].pid, (uint32_t)i) < 0)
			return -ENOMEM;
	}
	for (size_t i = 0; i < rows->count; i++) {
		const struct snapshot_task *task = &snapshot->tasks[rows->rows[i].task];
		bool is_leader = snapshot_is_leader(task);
		pid_t above = is_leader ? rows->rows[i].details.ppid : task->tgid;
		uint32_t parent = map_find(&row_by_pid, (uint64_t)above);

		if (parent != MAP_NONE && parent != i && (rows->rows[i].details.has_stat || !is_leader))
			rows->rows[i].parent = parent;
	}
	return cut_circles(rows);
}

int rows_of_processes(const struct snapshot *snapshot, uint32_t ns, const struct rows_request *request,
		      struct rows *rows)
{
	int ret = 0;

	*rows = (struct rows){0};
	for (uint32_t i = 0; i < snapshot->task_count && ret == 0; i++) {
		if (snapshot_is_leader(&snapshot->tasks[i]) && snapshot_task_is_in(snapshot, i, ns))
			ret = append_row(ns, i, rows);
	}
	if (ret == 0)
		ret = read_row_details(snapshot, request->details, rows);
	return ret == 0 && request->tree == TREE_PROCESS ? hang_tasks(snapshot, rows) : ret;
}

static void drop_gone(struct rows *rows)
{
	size_t kept = 0;

	for (size_t i = 0; i < rows->count; i++) {
		if (rows->rows[i].details.has_stat)
			rows->rows[kept++] = rows->rows[i];
		else
			task_details_free(&rows->rows[i].details);
	}
	rows->count = kept;
}

int rows_of_tasks(const struct snapshot *snapshot, const bool *chosen, unsigned int details,
		  struct rows *rows)
{
	int ret = 0;

	*rows = (struct rows){0};
	for (uint32_t i = 0; i < snapshot->task_count && ret == 0; i++) {
		if (chosen[i])
			ret = append_row(SNAPSHOT_NONE, i, rows);
	}
	if (ret == 0)
		ret = read_row_details(snapshot, details, rows);
	if (ret < 0)
		return ret;
	drop_gone(rows);
	return hang_tasks(snapshot, rows);
}
