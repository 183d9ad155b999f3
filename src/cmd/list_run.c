/* list and lsns: from what was asked for to what has to be read, and to the table. */
#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "cmd/list.h"
#include "cmd/list_columns.h"
#include "cmd/report.h"
#include "query/facts.h"
#include "scan/scan.h"
#include "target/target.h"

/* A list that is asked for, and the words that name its namespaces. */
struct wanted_list {
	const struct list_options *options;
	char **words;
	size_t word_count;
	unsigned int needs; /* of the columns */
	bool as_lsns;
};

static ns_type_set wanted_types(const struct wanted_list *wanted)
{
	return wanted->options->types ? wanted->options->types : NS_TYPE_SET_ALL;
}

/*
 * What has to be read.  With a process or namespaces named, what has no
 * process is looked for only where tasks alone do not bring them all.
 */
static struct scan_request choose_list_request(const struct wanted_list *wanted)
{
	const struct list_options *options = wanted->options;
	const ns_type_set parents = 1U << NS_PID | 1U << NS_USER;
	unsigned int needs = wanted->needs;
	bool finds_all = options->task == 0 && wanted->word_count == 0;
	bool is_related = options->tree == TREE_OWNER || options->tree == TREE_PARENT;
	bool has_parents = wanted_types(wanted) & parents;
	struct scan_request request = {
	    .types = wanted_types(wanted),
	    .engine = options->common.engine,
	    .complete = finds_all || needs & NEED_REFS,
	    .files = finds_all,
	    .mounts = finds_all || needs & NEED_MOUNTS,
	    .listed = finds_all || needs & NEED_REFS,
	    .taskless_only = !(needs & NEED_MOUNTS),
	    .relations =
		is_related || needs & NEED_RELATIONS || (finds_all && (needs & NEED_CREATORS || has_parents)),
	    .netnsids = needs & NEED_NETNSIDS,
	};

	/* An owner or a parent may be known by what it owns alone, or be shown above what was asked for. */
	if (request.relations && (has_parents || is_related))
		request.types = NS_TYPE_SET_ALL;
	if (options->task != 0 && !(needs & NEED_PROCESSES)) {
		request.process = options->task;
		request.leaders_only = true;
	}
	return request;
}

static unsigned int choose_details(const struct wanted_list *wanted)
{
	unsigned int details = wanted->needs & NEEDS_OF_DETAILS;

	if (wanted->options->tree == TREE_PROCESS)
		details |= DETAIL_STAT;
	return wanted->as_lsns ? details | DETAIL_PLAIN : details;
}

/* All that the options let through; lsns has no …_for_children. */
static int choose_of_task(const struct snapshot *snapshot, const struct wanted_list *wanted, bool *chosen,
			  struct error *err)
{
	uint32_t task = snapshot_find_task(snapshot, wanted->options->task);

	if (task == SNAPSHOT_NONE && wanted->as_lsns)
		return 0;
	if (task == SNAPSHOT_NONE) {
		error_set(err, ESRCH, "no process %d whose namespaces could be read", wanted->options->task);
		return error_hint(err, "`nsctl show %d` tells more", wanted->options->task);
	}
	for (enum ns_link link = 0; link < NS_LINK_COUNT; link++) {
		uint32_t ns = snapshot->sets[snapshot->tasks[task].set].ns[link];

		if (ns != SNAPSHOT_NONE && (!wanted->as_lsns || link == ns_type_link(ns_link_type(link))))
			chosen[ns] = true;
	}
	return 0;
}

static int choose_word(const struct snapshot *snapshot, const char *word, bool *chosen, struct error *err)
{
	struct found_target found = {0};
	struct target target;
	int ret = target_parse(word, &target, err);

	if (ret == 0)
		ret = target_find(&target, snapshot, &found, err);
	if (ret < 0)
		return ret;
	if (found.is_process) {
		error_set(err, EINVAL, "'%.256s' is a process, not a namespace", word);
		return error_hint(err, "nsctl list --task %.256s lists its namespaces", word);
	}
	chosen[found.ns] = true;
	return 0;
}

/* The same for the one INODE that lsns takes; a word that is none fails later. */
static bool has_inode(const struct snapshot *snapshot, const struct wanted_list *wanted)
{
	uint64_t inode;
	uint32_t ns;

	if (wanted->word_count == 0 ||
	    !list_parse_number(wanted->options, wanted->words[0], UINT64_MAX, &inode))
		return true;
	ns = snapshot_find_inode(snapshot, NS_TYPE_SET_ALL, inode);
	return ns != SNAPSHOT_NONE && snapshot->namespaces[ns].process_count > 0;
}

/* Whether tasks brought all namespaces that were named. */
static bool has_words(const struct snapshot *snapshot, const struct wanted_list *wanted)
{
	if (wanted->as_lsns)
		return has_inode(snapshot, wanted);
	for (size_t i = 0; i < wanted->word_count; i++) {
		struct found_target found = {0};
		struct target target;
		struct error ignored; /* the second look says so */

		if (target_parse(wanted->words[i], &target, &ignored) < 0 ||
		    target_find(&target, snapshot, &found, &ignored) < 0)
			return false;
		if (!found.is_process && snapshot->namespaces[found.ns].process_count == 0)
			return false;
	}
	return true;
}

/* Most namespaces have processes, and these are quickly read: what else there is comes second. */
static int scan_for(const struct wanted_list *wanted, struct snapshot *snapshot, struct error *err)
{
	struct scan_request request = choose_list_request(wanted);
	int ret = scan(&request, snapshot, err);

	if (ret < 0 || has_words(snapshot, wanted))
		return ret;
	snapshot_free(snapshot);
	request = SCAN_EVERYTHING;
	request.engine = wanted->options->common.engine;
	request.netnsids = wanted->needs & NEED_NETNSIDS;
	return scan(&request, snapshot, err);
}

static int choose_namespaces(const struct snapshot *snapshot, const struct wanted_list *wanted, bool *chosen,
			     struct error *err)
{
	ns_type_set types = wanted_types(wanted);
	int ret = 0;

	if (wanted->options->task)
		ret = choose_of_task(snapshot, wanted, chosen, err);
	for (size_t i = 0; i < wanted->word_count && ret == 0; i++)
		ret = choose_word(snapshot, wanted->words[i], chosen, err);
	for (size_t i = 0; i < snapshot->ns_count; i++) {
		const struct snapshot_ns *ns = &snapshot->namespaces[i];

		if (!wanted->options->task && wanted->word_count == 0)
			chosen[i] = true;
		/* lsns(8) knows threads not: a namespace of theirs alone is none of its rows. */
		if (!(types & 1U << ns->type) || (wanted->options->persistent && ns->process_count > 0))
			chosen[i] = false;
	}
	return ret;
}

/* lsns INODE: the processes in it. */
static int make_process_rows(const struct snapshot *snapshot, const struct wanted_list *wanted,
			     const struct rows_request *request, struct rows *rows, struct error *err)
{
	ns_type_set types = wanted_types(wanted);
	uint64_t inode;
	uint32_t ns;

	if (!list_parse_number(wanted->options, wanted->words[0], UINT64_MAX, &inode))
		return error_set(err, EINVAL, "invalid namespace argument: '%.256s'", wanted->words[0]);
	ns = snapshot_find_inode(snapshot, types, inode);
	if (ns == SNAPSHOT_NONE)
		return error_set(err, ENOENT, "not found namespace: %.256s", wanted->words[0]);
	if (rows_of_processes(snapshot, ns, request, rows) < 0)
		return error_set_errno(err, ENOMEM, "cannot list the processes");
	return 0;
}

static int choose_rows(const struct snapshot *snapshot, const struct wanted_list *wanted, struct rows *rows,
		       struct error *err)
{
	AUTO_FREE bool *chosen = calloc(snapshot->ns_count + 1, sizeof(*chosen));
	struct rows_request request = {
	    .chosen = chosen,
	    .tree = wanted->options->tree,
	    .details = choose_details(wanted),
	    .as_lsns = wanted->as_lsns,
	};
	int ret;

	if (!chosen)
		return error_set_errno(err, ENOMEM, "cannot list the namespaces");
	if (wanted->as_lsns && wanted->word_count > 0)
		return make_process_rows(snapshot, wanted, &request, rows, err);
	ret = choose_namespaces(snapshot, wanted, chosen, err);
	if (ret < 0)
		return ret;
	if (rows_of_namespaces(snapshot, &request, rows) < 0)
		return error_set_errno(err, ENOMEM, "cannot list the namespaces");
	return 0;
}

int list_run(const struct invocation *invocation, const struct list_options *options, struct table *table,
	     struct error *err)
{
	const struct wanted_list wanted = {.options = options,
					   .words = invocation->words,
					   .word_count = invocation->count,
					   .needs = table_needs(table),
					   .as_lsns = options->common.table.as_lsns};
	AUTO_SNAPSHOT struct snapshot snapshot = {0};
	AUTO_ROWS struct rows rows = {0};
	struct process_links own;
	uint32_t own_mnt;
	int ret = scan_for(&wanted, &snapshot, err);

	if (ret == 0)
		ret = choose_rows(&snapshot, &wanted, &rows, err);
	if (ret < 0)
		return ret;
	facts_read_own_links(&own);
	own_mnt = snapshot_find_ns(&snapshot, NS_MNT, own.ino[NS_LINK_MNT]);
	ret = list_columns_fill(table, &snapshot, &rows, &options->common.table, own_mnt, err);
	if (ret == 0)
		ret = report_print(invocation, table, &options->common.table, "namespaces", &snapshot, err);
	return ret < 0 ? ret : rows.count > 0;
}
