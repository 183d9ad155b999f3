#include "query/sets.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/bounded.h"
#include "base/cleanup.h"

/* A helper takes as long to start as the ancestors of a few sets to read. */
#define SETS_PER_HELPER 32

/* A chain of ancestors that is longer goes in a circle: it was read at two instants. */
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

/* From the first task up, to the last that is still in the set, and one more. */
static void find_leader(const struct snapshot *snapshot, struct set_row *row)
{
	uint32_t task = snapshot->sets[row->set].first_task;

	row->leader = task;
	row->born = SNAPSHOT_NONE;
	for (int i = 0; i < MAX_ANCESTORS; i++) {
		const struct snapshot_task *at = &snapshot->tasks[task];
		/* A thread comes from its process. */
		uint32_t parent = snapshot_is_leader(at) ? find_parent(snapshot, task)
							 : snapshot_find_task(snapshot, at->tgid);

		if (parent == SNAPSHOT_NONE || parent == task)
			return;
		if (snapshot->tasks[parent].set != row->set) {
			row->born = snapshot->tasks[parent].set;
			return;
		}
		row->leader = task = parent;
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

static void fill(const struct snapshot *snapshot, uint32_t host, struct set_row *row)
{
	row->is_host = row->set == host;
	for (enum ns_link link = 0; link < NS_LINK_COUNT; link++)
		row->marks[link] = mark_of(snapshot, row, link, host);
}

struct search {
	const struct snapshot *snapshot;
	const struct set_rows *rows;
};

static int find_leader_in_helper(size_t item, struct bounded_reply *reply, void *context)
{
	const struct search *search = context;
	struct set_row row = search->rows->rows[item];

	find_leader(search->snapshot, &row);
	return bounded_store(reply, &row, sizeof(row)) ? 0 : -ENOMEM;
}

/* Where the engine does not tell the parents, they are read, which a hostile process can block. */
static void find_leaders_in_helpers(const struct snapshot *snapshot, struct set_rows *rows)
{
	AUTO_BOUNDED struct bounded answers = {0};
	struct search search = {.snapshot = snapshot, .rows = rows};
	const struct bounded_job job = {
	    .count = rows->count,
	    .limit = sizeof(struct set_row),
	    .items_per_helper = SETS_PER_HELPER,
	    .work = find_leader_in_helper,
	    .context = &search,
	};

	bounded_run(&job, unanswered_patience(snapshot->unanswered), &answers);
	for (size_t i = 0; i < rows->count; i++) {
		size_t size;
		const struct set_row *found = bounded_data(&answers, i, &size);

		if (found)
			rows->rows[i] = *found;
	}
}

static void find_leaders(const struct snapshot *snapshot, struct set_rows *rows)
{
	for (size_t i = 0; i < rows->count; i++) {
		rows->rows[i].leader = snapshot->sets[rows->rows[i].set].first_task;
		rows->rows[i].born = SNAPSHOT_NONE;
	}
	if (snapshot->task_count > 0 && snapshot->tasks[0].ppid < 0)
		find_leaders_in_helpers(snapshot, rows);
	else
		for (size_t i = 0; i < rows->count; i++)
			find_leader(snapshot, &rows->rows[i]);
}

static int read_details(const struct snapshot *snapshot, unsigned int wanted, struct set_rows *rows)
{
	AUTO_FREE uint32_t *leaders = calloc(rows->count + 1, sizeof(*leaders));
	AUTO_FREE struct task_details *details = calloc(rows->count + 1, sizeof(*details));
	int ret;

	if (!leaders || !details)
		return -ENOMEM;
	for (size_t i = 0; i < rows->count; i++)
		leaders[i] = rows->rows[i].leader;
	ret = scan_details_of_all(snapshot, leaders, rows->count, wanted, details);
	for (size_t i = 0; i < rows->count; i++)
		rows->rows[i].details = details[i];
	return ret;
}

static int compare_rows(const void *left, const void *right)
{
	const struct set_row *a = left;
	const struct set_row *b = right;

	if (a->is_host != b->is_host)
		return a->is_host ? -1 : 1;
	return a->leader < b->leader ? -1 : a->leader > b->leader;
}

/* Every kernel has mnt namespaces, and a task without one has left its nsproxy. */
static bool is_whole(const struct snapshot_set *set)
{
	return set->first_task != SNAPSHOT_NONE && set->ns[NS_LINK_MNT] != SNAPSHOT_NONE;
}

/* A set is an nsproxy, a pid and a user namespace: several may have one nsproxy. */
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
		uint64_t nsproxy = snapshot->sets[rows->rows[i].set].nsproxy;

		rows->rows[i].nsproxy_tasks = counts[map_find(&first_by_nsproxy, nsproxy)];
	}
	return 0;
}

int sets_make_rows(const struct snapshot *snapshot, const bool *chosen, unsigned int details,
		   struct set_rows *rows)
{
	uint32_t host = sets_find_host(snapshot);

	*rows = (struct set_rows){.rows = calloc(snapshot->set_count + 1, sizeof(*rows->rows))};
	if (!rows->rows)
		return -ENOMEM;
	for (uint32_t i = 0; i < snapshot->set_count; i++) {
		if (!is_whole(&snapshot->sets[i]) || (chosen && !chosen[i]))
			continue;
		rows->rows[rows->count++].set = i;
	}
	find_leaders(snapshot, rows);
	for (size_t i = 0; i < rows->count; i++)
		fill(snapshot, host, &rows->rows[i]);
	/* Tasks stand by pid in the snapshot. */
	qsort(rows->rows, rows->count, sizeof(*rows->rows), compare_rows);
	if (read_details(snapshot, details, rows) < 0)
		return -ENOMEM;
	return count_tasks_of_nsproxies(snapshot, rows);
}
