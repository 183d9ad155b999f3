/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nsctl ps TARGET: the processes in a namespace or set, with their PIDs and users outside and inside. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "cmd/command.h"
#include "cmd/container_option.h"
#include "cmd/report.h"
#include "cmd/task_columns.h"
#include "query/rows.h"
#include "scan/scan.h"
#include "target/target.h"

struct ps_options {
	struct common_options common;
	bool with_threads;
};

struct ps_row {
	struct task_row task;
	pid_t tid;
};

static int fill_thread(struct cell *cell, const void *data)
{
	const struct ps_row *row = data;

	return cell_set_number(cell, (uint64_t)row->tid);
}

static int fill_nspid(struct cell *cell, const void *data)
{
	const struct ps_row *row = data;
	pid_t pid = row->task.details->nspid;

	return pid ? cell_set_number(cell, (uint64_t)pid) : 0;
}

static int fill_nsuser(struct cell *cell, const void *data)
{
	const struct ps_row *row = data;
	const struct task_details *details = row->task.details;
	char number[16];

	if (!details->has_inside)
		return 0;
	snprintf(number, sizeof(number), "%u", details->inside);
	return cell_set_text(cell,
			     details->texts[TEXT_INSIDE_USER] ? details->texts[TEXT_INSIDE_USER] : number);
}

static int fill_nsuid(struct cell *cell, const void *data)
{
	const struct ps_row *row = data;

	return row->task.details->has_inside ? cell_set_number(cell, row->task.details->inside) : 0;
}

static const struct column columns[] = {
    {"TID", "thread ID", COLUMN_NUMBER, 0, fill_thread},
    {"NSPID", "PID in its own pid namespace", COLUMN_NUMBER, DETAIL_INSIDE, fill_nspid},
    {"NSUSER", "user in its own user namespace, by its own /etc/passwd", COLUMN_TEXT, DETAIL_INSIDE_NAME,
     fill_nsuser},
    {"NSUID", "user in its own user namespace as a number", COLUMN_NUMBER, DETAIL_INSIDE, fill_nsuid},
    {0},
};

#define USUAL_COLUMNS "PID,NSPID,USER,NSUSER,STATE,AGE,CONTAINER,COMMAND"
#define THREAD_COLUMNS "PID,TID,NSPID,USER,NSUSER,STATE,AGE,CONTAINER,COMMAND"

static const struct table_layout layout = {.groups = {columns, task_columns}, .usual = USUAL_COLUMNS};

static int take_tasks(void *options, const char *value, struct error *err)
{
	struct ps_options *ps = options;

	(void)value;
	(void)err;
	ps->with_threads = true;
	ps->common.table.usual = THREAD_COLUMNS;
	return 0;
}

static int take_list(void *options, const char *value, struct error *err)
{
	struct ps_options *ps = options;

	(void)value;
	(void)err;
	ps->common.table.tree_column = NULL;
	return 0;
}

static const struct command_option ps_options[] = {
    {"tasks", 0, NULL, "their threads too", .take = take_tasks},
    {"list", 'l', NULL, "as a list instead of a tree", .take = take_list},
    {0},
};

static void prepare_ps(void *options)
{
	struct ps_options *ps = options;

	ps->common.table.tree_column = "COMMAND";
}

static bool is_chosen(const struct snapshot *snapshot, const struct found_target *found, uint32_t task)
{
	const struct snapshot_task *tasks = snapshot->tasks;

	if (found->tasks)
		return found->tasks[task];
	/* Also with another nsproxy, as a task that has joined by setns(2). */
	if (found->is_process)
		return snapshot_has_same_ns(snapshot, tasks[task].set, tasks[found->task].set);
	return found_target_has_task(snapshot, found, task);
}

/* Without threads, a process of which only a thread is in it is still shown: by that thread. */
static void choose_ps_tasks(const struct snapshot *snapshot, const struct pointed *pointed, bool with_threads,
			    bool *chosen)
{
	pid_t last = 0;

	for (uint32_t i = 0; i < snapshot->task_count; i++) {
		if (pointed->members && !is_chosen(snapshot, pointed->members, i))
			continue;
		if (pointed->at_target && !is_chosen(snapshot, pointed->at_target, i))
			continue;
		chosen[i] = with_threads || snapshot->tasks[i].tgid != last;
		last = snapshot->tasks[i].tgid;
	}
}

static int make_ps_rows(const struct snapshot *snapshot, const struct pointed *pointed, bool with_threads,
			const struct table *table, struct rows *rows, struct error *err)
{
	AUTO_FREE bool *chosen = calloc(snapshot->task_count + 1, sizeof(*chosen));
	/* The tree needs the parents. */
	unsigned int details = (table_needs(table) & NEEDS_OF_DETAILS) | DETAIL_STAT;

	if (!chosen)
		return error_set_errno(err, ENOMEM, "cannot list the processes");
	choose_ps_tasks(snapshot, pointed, with_threads, chosen);
	if (rows_of_tasks(snapshot, chosen, details, rows) < 0)
		return error_set_errno(err, ENOMEM, "cannot list the processes");
	return 0;
}

static int fill_ps_table(struct table *table, const struct snapshot *snapshot, const struct rows *rows,
			 struct error *err)
{
	int ret = 0;

	for (size_t i = 0; i < rows->count && ret == 0; i++) {
		const struct snapshot_task *task = &snapshot->tasks[rows->rows[i].task];
		const struct ps_row row = {.task = {.pid = task->tgid, .details = &rows->rows[i].details},
					   .tid = task->pid};

		ret = table_add_row(table, &row, err);
	}
	if (ret == 0)
		report_set_parents(table, rows);
	return ret;
}

/* A container alone is a target as well. */
static int parse_ps(const struct invocation *invocation, const struct ps_options *ps, struct pointed *pointed,
		    struct error *err)
{
	if (invocation->count == 0 && !ps->common.container)
		return command_refuse(invocation, err, "missing %s", invocation->command->word);
	return pointed_parse(invocation->words[0], &ps->common, pointed, err);
}

static int run_ps(const struct invocation *invocation, void *options, struct error *err)
{
	const struct ps_options *ps = options;
	AUTO_TABLE struct table *table = table_new(&layout, &ps->common.table, err);
	AUTO_SNAPSHOT struct snapshot snapshot = {0};
	AUTO_ROWS struct rows rows = {0};
	AUTO_POINTED struct pointed pointed = {.count = 0};
	struct scan_request request = {.engine = ps->common.engine};
	int ret;

	if (!table || parse_ps(invocation, ps, &pointed, err) < 0)
		return command_report(invocation, err, EXIT_USAGE);
	/* For a namespace, only the links of its type are read. */
	request.types = pointed.targets[0].types;
	ret = pointed_scan(&pointed, &request, &snapshot, err);
	if (ret == 0)
		ret = make_ps_rows(&snapshot, &pointed, ps->with_threads, table, &rows, err);
	if (ret == 0)
		ret = fill_ps_table(table, &snapshot, &rows, err);
	if (ret == 0)
		ret = report_print(invocation, table, &ps->common.table, "processes", &snapshot, err);
	if (ret == 0 && rows.count == 0 && pointed.container)
		container_report_none(invocation, pointed.container->text, invocation->words[0]);
	else if (ret == 0 && rows.count == 0 && !pointed.at_target->is_process)
		report_no_process(invocation, &snapshot, pointed.at_target, pointed.target->text);
	return ret;
}

const struct command command_ps = {
    .name = "ps",
    .summary = "the processes in a namespace or set",
    .usage = "[OPTION]... [TARGET]",
    .help = "Show the processes in a namespace, of a container, or in the same set of\n"
	    "namespaces as a process, as a tree.  NSPID and NSUSER are its PID and user\n"
	    "inside.  With --container, TARGET can be left out.\n",
    .examples = "  nsctl ps 1234                     what runs beside process 1234\n"
		"  nsctl ps /proc/1234/ns/net        what is in the same network\n"
		"  nsctl ps 'net:[4026532281]'       what is in this network\n"
		"  nsctl ps web                      what runs in the container web\n"
		"  nsctl ps -o +NSUID 1234           with the numbers of the users inside\n",
    .tables = {ps_options, common_container_options, common_filter_options, common_table_options,
	       common_look_options},
    .options_size = sizeof(struct ps_options),
    .prepare = prepare_ps,
    .word = "TARGET",
    .most = 1,
    .layout = &layout,
    .failed = EXIT_NO,
    .run = run_ps,
};
