/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "query/sets.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/bounded.h"
#include "base/cleanup.h"

/* A helper takes as long to start as the ancestors of a few sets to read. */
#define SETS_PER_HELPER 32

/* A longer chain of ancestors is a circle: it was read at two instants. */
#define MAX_ANCESTORS 4096

void set_rows_free(struct set_rows *rows)
{
	for (size_t i = 0; i < rows->count; i++)
		task_details_free(&rows->rows[i].details);
	free(rows->rows);
	*rows = (struct set_rows){0};
}

uint32_t sets_find_host(const struct snapshot *snapshot)
{
	uint32_t task = snapshot_find_task(snapshot, 1);

	if (task == SNAPSHOT_NONE)
		task = snapshot_find_task(snapshot, getpid());
	return task == SNAPSHOT_NONE ? SNAPSHOT_NONE : snapshot->tasks[task].set;
}

static uint32_t find_parent(const struct snapshot *snapshot, uint32_t task)
{
	AUTO_DETAILS struct task_details details = {0};

	if (snapshot->tasks[task].ppid >= 0)
		return snapshot_find_task(snapshot, snapshot->tasks[task].ppid);
	if (scan_read_details(snapshot, task, DETAIL_STAT, &details) < 0 || !details.has_stat)
		return SNAPSHOT_NONE;
	return snapshot_find_task(snapshot, details.ppid);
}

/* How sets are grouped into rows. */
struct grouping {
	const struct snapshot *snapshot;
	uint32_t host;        /* the set of the host's row; SNAPSHOT_NONE: not known */
	uint32_t *row_set;    /* by set: the first set of its row */
	uint32_t *first_task; /* by the first set of a row: the first task of all of its sets */
};

/* Goes up from the first task, to the last ancestor in the row, and to the set of its parent. */
static void find_founder(const struct grouping *grouping, struct set_row *row)
{
	const struct snapshot *snapshot = grouping->snapshot;
	uint32_t task = grouping->first_task[row->set];

	row->founder = task;
	row->born = SNAPSHOT_NONE;
	for (int i = 0; i < MAX_ANCESTORS; i++) {
		const struct snapshot_task *at = &snapshot->tasks[task];
		/* The process counts as the parent of its threads. */
		uint32_t parent = snapshot_is_leader(at) ? find_parent(snapshot, task)
							 : snapshot_find_task(snapshot, at->tgid);

		if (parent == SNAPSHOT_NONE || parent == task)
			return;
		if (grouping->row_set[snapshot->tasks[parent].set] != row->set) {
			row->born = snapshot->tasks[parent].set;
			return;
		}
		row->founder = task = parent;
	}
}

static enum set_mark mark_of(const struct snapshot *snapshot, const struct set_row *row, enum ns_link link,
			     uint32_t host)
{
	uint32_t ns = snapshot->sets[row->set].ns[link];

	if (ns == SNAPSHOT_NONE)
		return MARK_UNKNOWN;
	if (host != SNAPSHOT_NONE && !row->is_host && snapshot->sets[host].ns[link] == ns)
		return MARK_HOST;
	if (row->born != SNAPSHOT_NONE && !row->is_host && snapshot->sets[row->born].ns[link] == ns)
		return MARK_BORN;
	return MARK_OWN;
}

static void fill_set_row(const struct grouping *grouping, struct set_row *row)
{
	row->is_host = row->set == grouping->host;
	for (enum ns_link link = 0; link < NS_LINK_COUNT; link++)
		row->marks[link] = mark_of(grouping->snapshot, row, link, grouping->host);
}

struct search {
	const struct grouping *grouping;
	const struct set_rows *rows;
};

static int find_founder_in_helper(size_t item, struct bounded_reply *reply, void *context)
{
	const struct search *search = context;
	struct set_row row = search->rows->rows[item];

	find_founder(search->grouping, &row);
	return bounded_store(reply, &row, sizeof(row)) ? 0 : -ENOMEM;
}

/* If the engine does not report parents, /proc is read, which a hostile process can block. */
static void find_founders_in_helpers(const struct grouping *grouping, struct set_rows *rows)
{
	AUTO_BOUNDED struct bounded answers = {0};
	struct search search = {.grouping = grouping, .rows = rows};
	const struct bounded_job job = {
	    .count = rows->count,
	    .limit = sizeof(struct set_row),
	    .items_per_helper = SETS_PER_HELPER,
	    .work = find_founder_in_helper,
	    .context = &search,
	};

	bounded_run(&job, unanswered_patience(grouping->snapshot->unanswered), &answers);
	for (size_t i = 0; i < rows->count; i++) {
		size_t size;
		const struct set_row *found = bounded_data(&answers, i, &size);

		if (found)
			rows->rows[i] = *found;
	}
}

static void find_founders(const struct grouping *grouping, struct set_rows *rows)
{
	const struct snapshot *snapshot = grouping->snapshot;

	for (size_t i = 0; i < rows->count; i++) {
		rows->rows[i].founder = grouping->first_task[rows->rows[i].set];
		rows->rows[i].born = SNAPSHOT_NONE;
	}
	if (snapshot->task_count > 0 && snapshot->tasks[0].ppid < 0)
		find_founders_in_helpers(grouping, rows);
	else
		for (size_t i = 0; i < rows->count; i++)
			find_founder(grouping, &rows->rows[i]);
}

static int read_set_details(const struct snapshot *snapshot, unsigned int wanted, struct set_rows *rows)
{
	AUTO_FREE uint32_t *founders = calloc(rows->count + 1, sizeof(*founders));
	AUTO_FREE struct task_details *details = calloc(rows->count + 1, sizeof(*details));
	int ret;

	if (!founders || !details)
		return -ENOMEM;
	for (size_t i = 0; i < rows->count; i++)
		founders[i] = rows->rows[i].is_chosen ? rows->rows[i].founder : SNAPSHOT_NONE;
	ret = scan_details_of_all(snapshot, founders, rows->count, wanted, details);
	for (size_t i = 0; i < rows->count; i++)
		rows->rows[i].details = details[i];
	return ret;
}

static int compare_set_rows(const void *left, const void *right)
{
	const struct set_row *a = left;
	const struct set_row *b = right;

	if (a->is_host != b->is_host)
		return a->is_host ? -1 : 1;
	return a->founder < b->founder ? -1 : a->founder > b->founder;
}

/* Every kernel has mnt namespaces, and a task without one has left its nsproxy. */
static bool is_whole(const struct snapshot_set *set)
{
	return set->first_task != SNAPSHOT_NONE && set->ns[NS_LINK_MNT] != SNAPSHOT_NONE;
}

/* A set is an nsproxy, a pid and a user namespace: several sets may have one nsproxy. */
static int count_tasks_of_nsproxies(const struct snapshot *snapshot, struct set_rows *rows)
{
	AUTO_MAP struct map first_by_nsproxy = {0};
	AUTO_FREE uint32_t *counts = calloc(snapshot->set_count + 1, sizeof(*counts));

	if (!counts)
		return -ENOMEM;
	for (uint32_t i = 0; i < snapshot->set_count; i++) {
		if (map_add(&first_by_nsproxy, snapshot->sets[i].nsproxy, i) < 0)
			return -ENOMEM;
		counts[map_find(&first_by_nsproxy, snapshot->sets[i].nsproxy)] +=
		    snapshot->sets[i].task_count;
	}
	for (size_t i = 0; i < rows->count; i++) {
		uint32_t first = map_find(&first_by_nsproxy, rows->rows[i].nsproxy);

		if (rows->rows[i].nsproxy != 0 && first != MAP_NONE)
			rows->rows[i].nsproxy_tasks = counts[first];
	}
	return 0;
}

static uint64_t hash_links(const struct snapshot_set *set)
{
	uint64_t hash = (uint64_t)set->awaiting_pid;

	for (enum ns_link link = 0; link < NS_LINK_COUNT; link++)
		hash = (hash ^ set->ns[link]) * 0x9E3779B97F4A7C15U;
	return hash;
}

/* Returns the first set with the same namespaces, which may be set itself; SNAPSHOT_NONE without memory. */
static uint32_t find_same(const struct snapshot *snapshot, struct map *by_links, uint32_t set)
{
	uint64_t hash = hash_links(&snapshot->sets[set]);

	for (;;) {
		uint32_t known = map_find(by_links, hash);

		if (known == MAP_NONE)
			return map_add(by_links, hash, set) < 0 ? SNAPSHOT_NONE : set;
		if (snapshot_has_same_ns(snapshot, known, set))
			return known;
		/* Two sets may have one hash: the second takes the next one. */
		hash++;
	}
}

/* The lower index is the lower PID; processes come before threads alone. */
static void take_first_task(struct grouping *grouping, uint32_t first, uint32_t set)
{
	const struct snapshot_task *tasks = grouping->snapshot->tasks;
	uint32_t task = grouping->snapshot->sets[set].first_task;
	uint32_t *best = &grouping->first_task[first];
	bool is_leader;

	if (task == SNAPSHOT_NONE)
		return;
	is_leader = snapshot_is_leader(&tasks[task]);
	if (*best == SNAPSHOT_NONE || is_leader > snapshot_is_leader(&tasks[*best]) ||
	    (is_leader == snapshot_is_leader(&tasks[*best]) && task < *best))
		*best = task;
}

/* setns(2) makes another nsproxy with the same namespaces. */
static int group(struct grouping *grouping, bool by_nsproxy)
{
	const struct snapshot *snapshot = grouping->snapshot;
	AUTO_MAP struct map by_links = {0};

	for (uint32_t i = 0; i < snapshot->set_count; i++) {
		uint32_t first = by_nsproxy ? i : find_same(snapshot, &by_links, i);

		if (first == SNAPSHOT_NONE)
			return -ENOMEM;
		grouping->row_set[i] = first;
		grouping->first_task[i] = SNAPSHOT_NONE;
		take_first_task(grouping, first, i);
	}
	grouping->host = sets_find_host(snapshot);
	if (grouping->host != SNAPSHOT_NONE)
		grouping->host = grouping->row_set[grouping->host];
	return 0;
}

static void add_to_set_row(const struct snapshot_set *set, struct set_row *row)
{
	bool is_first = row->task_count == 0;

	row->process_count += set->process_count;
	row->task_count += set->task_count;
	if (set->task_count == 0)
		return;
	row->nsproxy = is_first || row->nsproxy == set->nsproxy ? set->nsproxy : 0;
	row->refs = set->refs;
}

/* Keeps those rows chosen that have a set of these.  row: by set, as below. */
static int choose_within(const struct grouping *grouping, const bool *within, const uint32_t *row,
			 struct set_rows *rows)
{
	const struct snapshot *snapshot = grouping->snapshot;
	AUTO_FREE bool *is_within = calloc(rows->count + 1, sizeof(*is_within));

	if (!is_within)
		return -ENOMEM;
	for (uint32_t i = 0; i < snapshot->set_count; i++)
		is_within[row[grouping->row_set[i]]] |= within[i] && is_whole(&snapshot->sets[i]);
	for (size_t i = 0; i < rows->count; i++)
		rows->rows[i].is_chosen &= is_within[i + 1];
	return 0;
}

/* Makes the rows of all sets.  row: by set, the index of its row plus 1, or 0. */
static void collect_set_rows(const struct grouping *grouping, const bool *chosen, uint32_t *row,
			     struct set_rows *rows)
{
	const struct snapshot *snapshot = grouping->snapshot;

	for (uint32_t i = 0; i < snapshot->set_count; i++) {
		uint32_t first = grouping->row_set[i];

		if (!is_whole(&snapshot->sets[i]) || row[first] != 0)
			continue;
		rows->rows[rows->count] = (struct set_row){.set = first};
		row[first] = (uint32_t)++rows->count;
	}
	for (uint32_t i = 0; i < snapshot->set_count; i++) {
		uint32_t number = row[grouping->row_set[i]];

		if (number == 0)
			continue;
		add_to_set_row(&snapshot->sets[i], &rows->rows[number - 1]);
		rows->rows[number - 1].is_chosen |= is_whole(&snapshot->sets[i]) && (!chosen || chosen[i]);
	}
	find_founders(grouping, rows);
	for (size_t i = 0; i < rows->count; i++)
		fill_set_row(grouping, &rows->rows[i]);
}

int sets_make_rows(const struct snapshot *snapshot, const struct sets_request *request, struct set_rows *rows)
{
	AUTO_FREE uint32_t *row_set = calloc(snapshot->set_count + 1, sizeof(*row_set));
	AUTO_FREE uint32_t *first_task = calloc(snapshot->set_count + 1, sizeof(*first_task));
	AUTO_FREE uint32_t *row = calloc(snapshot->set_count + 1, sizeof(*row));
	struct grouping grouping = {.snapshot = snapshot, .row_set = row_set, .first_task = first_task};

	*rows = (struct set_rows){.rows = calloc(snapshot->set_count + 1, sizeof(*rows->rows))};
	if (!rows->rows || !row_set || !first_task || !row || group(&grouping, request->by_nsproxy) < 0)
		return -ENOMEM;
	collect_set_rows(&grouping, request->chosen, row, rows);
	if (request->within && choose_within(&grouping, request->within, row, rows) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < rows->count; i++)
		rows->chosen_count += rows->rows[i].is_chosen;
	/* The tasks of a snapshot are sorted by PID. */
	qsort(rows->rows, rows->count, sizeof(*rows->rows), compare_set_rows);
	if (read_set_details(snapshot, request->details, rows) < 0)
		return -ENOMEM;
	return count_tasks_of_nsproxies(snapshot, rows);
}
