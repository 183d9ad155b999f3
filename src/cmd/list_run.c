/* SPDX-License-Identifier: GPL-2.0-or-later */
/* list and lsns: from what was asked for to what has to be read, and to the table. */
#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "cmd/container_option.h"
#include "cmd/list.h"
#include "cmd/list_columns.h"
#include "cmd/report.h"
#include "proc/process.h"
#include "target/target.h"

/* A list that is asked for, and the words that name its namespaces. */
struct wanted_list {
	const struct list_options *options;
	char **words;
	size_t word_count;
	unsigned int needs;    /* of the columns */
	const char *container; /* NULL: of all */
	bool as_lsns;
};

static ns_type_set wanted_types(const struct wanted_list *wanted)
{
	return wanted->options->types ? wanted->options->types : NS_TYPE_SET_ALL;
}

/*
 * Chooses what to read.  If a process or namespaces are named, namespaces without
 * processes are looked for only if tasks alone do not lead to all of them.
 */
static struct scan_request choose_list_request(const struct wanted_list *wanted)
{
	const struct list_options *options = wanted->options;
	const ns_type_set parents = 1U << NS_PID | 1U << NS_USER;
	unsigned int needs = wanted->needs;
	bool finds_all = options->task == 0 && wanted->word_count == 0 && !wanted->container;
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
	if (wanted->container)
		request.types |= CONTAINER_TYPES;
	if (options->task != 0 && !(needs & NEED_PROCESSES) && !wanted->container) {
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

/* Marks the namespaces of the task; as lsns, without pid_for_children and time_for_children. */
static int choose_of_task(const struct snapshot *snapshot, const struct wanted_list *wanted, bool *chosen,
			  struct error *err)
{
	uint32_t task = snapshot_find_task(snapshot, wanted->options->task);

	if (task == SNAPSHOT_NONE && wanted->as_lsns)
		return 0;
	if (task == SNAPSHOT_NONE) {
		error_set(err, ESRCH, "no process %d whose namespaces could be read", wanted->options->task);
		return error_hint(err, "`nsctl show %d` shows why", wanted->options->task);
	}
	for (enum ns_link link = 0; link < NS_LINK_COUNT; link++) {
		uint32_t ns = snapshot_task_ns(snapshot, task, link);

		if (ns != SNAPSHOT_NONE && (!wanted->as_lsns || link == ns_type_link(ns_link_type(link))))
			chosen[ns] = true;
	}
	return 0;
}

/* lsns has numbers of its own, and no other targets. */
static int parse_word(const struct wanted_list *wanted, const char *word, struct target *target,
		      struct error *err)
{
	uint64_t inode;

	if (!wanted->as_lsns)
		return target_parse(word, target, err);
	if (!list_parse_number(wanted->options, word, UINT64_MAX, &inode))
		return error_set(err, EINVAL, "invalid namespace argument: '%.256s'", word);
	*target = target_of_inode(wanted_types(wanted), inode, word);
	return 0;
}

/* found: as many as words, and behind them the container's. */
static int scan_for(const struct wanted_list *wanted, struct snapshot *snapshot, struct found_target *found,
		    struct error *err)
{
	/* lsns takes the first word, and ignores what follows. */
	size_t count = wanted->as_lsns && wanted->word_count > 1 ? 1 : wanted->word_count;
	AUTO_FREE struct target *targets = calloc(count + 2, sizeof(*targets));
	struct scan_request request = choose_list_request(wanted);
	int ret = 0;

	if (!targets || !found)
		return error_set_errno(err, ENOMEM, "cannot list the namespaces");
	for (size_t i = 0; i < count && ret == 0; i++)
		ret = parse_word(wanted, wanted->words[i], &targets[i], err);
	if (ret == 0 && wanted->container)
		ret = target_parse_container(wanted->container, &targets[count++], err);
	if (ret < 0)
		return ret;
	ret = target_scan(targets, count, &request, snapshot, found, err);
	if (ret == -ENOENT && wanted->as_lsns && snapshot->ns_count > 0)
		return error_set(err, ENOENT, "not found namespace: %.256s", wanted->words[0]);
	return ret;
}

static int choose_found(const struct snapshot *snapshot, const struct found_target *found, const char *word,
			bool *chosen, struct error *err)
{
	if (found->tasks) {
		error_set(err, EINVAL, "'%.256s' names processes, not a namespace", word);
		return error_hint(err, "nsctl sets %.256s shows their namespaces", word);
	}
	if (found->is_process) {
		error_set(err, EINVAL, "'%.256s' is a process, not a namespace", word);
		return error_hint(err, "nsctl list --task %d lists its namespaces",
				  snapshot->tasks[found->task].pid);
	}
	for (size_t i = 0; i < found->ns_count; i++)
		chosen[found->ns[i]] = true;
	return 0;
}

/* Leaves those that a process of the container is in, or its next child will be. */
static int choose_of_container(const struct snapshot *snapshot, const bool *tasks, bool *chosen,
			       struct error *err)
{
	AUTO_FREE bool *has = calloc(snapshot->ns_count + 1, sizeof(*has));

	if (!has)
		return error_set_errno(err, ENOMEM, "cannot list the namespaces");
	for (uint32_t i = 0; i < snapshot->task_count; i++) {
		for (enum ns_link link = 0; tasks[i] && link < NS_LINK_COUNT; link++) {
			uint32_t ns = snapshot_task_ns(snapshot, i, link);

			if (ns != SNAPSHOT_NONE)
				has[ns] = true;
		}
	}
	for (size_t i = 0; i < snapshot->ns_count; i++)
		chosen[i] &= has[i];
	return 0;
}

static int choose_namespaces(const struct snapshot *snapshot, const struct wanted_list *wanted,
			     const struct found_target *found, bool *chosen, struct error *err)
{
	ns_type_set types = wanted_types(wanted);
	int ret = 0;

	if (wanted->options->task)
		ret = choose_of_task(snapshot, wanted, chosen, err);
	for (size_t i = 0; i < wanted->word_count && ret == 0; i++)
		ret = choose_found(snapshot, &found[i], wanted->words[i], chosen, err);
	for (size_t i = 0; i < snapshot->ns_count; i++) {
		const struct snapshot_ns *ns = &snapshot->namespaces[i];

		if (!wanted->options->task && wanted->word_count == 0)
			chosen[i] = true;
		/* As in lsns(8), a namespace with threads only counts as having no process. */
		if (!(types & 1U << ns->type) || (wanted->options->persistent && ns->process_count > 0))
			chosen[i] = false;
	}
	if (ret == 0 && wanted->container)
		ret = choose_of_container(snapshot, found[wanted->word_count].tasks, chosen, err);
	return ret;
}

static int choose_rows(const struct snapshot *snapshot, const struct wanted_list *wanted,
		       const struct found_target *found, struct rows *rows, struct error *err)
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
	if (wanted->as_lsns && wanted->word_count > 0) {
		ret = rows_of_processes(snapshot, found[0].ns[0], &request, rows);
		return ret < 0 ? error_set_errno(err, ENOMEM, "cannot list the processes") : 0;
	}
	ret = choose_namespaces(snapshot, wanted, found, chosen, err);
	if (ret < 0)
		return ret;
	if (rows_of_namespaces(snapshot, &request, rows) < 0)
		return error_set_errno(err, ENOMEM, "cannot list the namespaces");
	return 0;
}

/* For people: what keeps those alive that no process is in, if there are any. */
static void hint_at_why(const struct invocation *invocation, const struct table_options *options,
			const struct snapshot *snapshot, const struct table *table)
{
	bool is_complete = snapshot->unreadable == 0 && !snapshot->has_hidden;
	bool is_empty = table_is_empty(table);
	struct error note;

	/* If the filter is true of none, report_print() has said so. */
	if (options->as_lsns || options->json || options->raw || (is_empty && options->filter))
		return;
	if (is_empty) {
		error_set(&note, ENOENT, "no such namespace is without a process");
		error_hint(&note, "`nsctl list` shows all");
	} else {
		error_set(&note, ENOENT, "no process%s is in these", is_complete ? "" : " that can be read");
		error_hint(&note, "`nsctl why NS` shows what keeps one");
	}
	command_report(invocation, &note, 0);
}

int list_run(const struct invocation *invocation, const struct list_options *options, struct table *table,
	     struct error *err)
{
	const struct wanted_list wanted = {.options = options,
					   .words = invocation->words,
					   .word_count = invocation->count,
					   .needs = table_needs(table),
					   .container = options->common.container,
					   .as_lsns = options->common.table.as_lsns};
	AUTO_SNAPSHOT struct snapshot snapshot = {0};
	AUTO_ROWS struct rows rows = {0};
	AUTO_FREE struct found_target *found = calloc(invocation->count + 2, sizeof(*found));
	struct process_links own;
	uint32_t own_mnt;
	int ret = scan_for(&wanted, &snapshot, found, err);

	if (ret == 0)
		ret = choose_rows(&snapshot, &wanted, found, &rows, err);
	for (size_t i = 0; found && i <= invocation->count; i++)
		found_target_free(&found[i]);
	if (ret < 0)
		return ret;
	process_read_own_links(&own);
	own_mnt = snapshot_find_ns(&snapshot, NS_MNT, own.ino[NS_LINK_MNT]);
	ret = list_columns_fill(table, &snapshot, &rows, &options->common.table, own_mnt, err);
	if (ret == 0)
		ret = report_print(invocation, table, &options->common.table, "namespaces", &snapshot, err);
	if (ret == 0 && wanted.container && rows.count == 0)
		container_report_none(invocation, wanted.container,
				      invocation->count == 1 ? invocation->words[0] : NULL);
	if (ret == 0 && options->persistent)
		hint_at_why(invocation, &options->common.table, &snapshot, table);
	return ret;
}
