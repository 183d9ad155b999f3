/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nsctl sets [TARGET]: one row for each set of namespaces. */
#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "cmd/command.h"
#include "cmd/container_option.h"
#include "cmd/report.h"
#include "cmd/set_columns.h"
#include "query/nsproxy.h"
#include "scan/scan.h"
#include "target/target.h"

struct sets_options {
	struct common_options common;
	bool with_addresses;
	bool by_nsproxy;
};

static int take_nsproxy(void *options, const char *value, struct error *err)
{
	struct sets_options *sets = options;

	(void)value;
	(void)err;
	sets->by_nsproxy = true;
	sets->common.table.usual = SET_NSPROXY_COLUMNS;
	return 0;
}

static const struct command_option sets_options[] = {
    {"nsproxy", 0, NULL, "a row for each nsproxy, with its label and its count", .take = take_nsproxy},
    {"addresses", 0, NULL, "the same with its address, if the kernel shows these",
     .flag = offsetof(struct sets_options, with_addresses), .take = take_nsproxy},
    {0},
};

static const struct table_layout layout = {.groups = {set_columns, count_columns, task_columns},
					   .usual = SET_USUAL_COLUMNS};

static void prepare_sets(void *options)
{
	struct sets_options *sets = options;

	sets->common.table.no_wrap = true;
}

/* Marks the sets that processes are in. */
static void choose_sets_of_tasks(const struct snapshot *snapshot, const struct found_target *found,
				 bool *chosen)
{
	chosen[snapshot->tasks[found->task].set] = true;
	for (uint32_t i = 0; found->tasks && i < snapshot->task_count; i++)
		chosen[snapshot->tasks[i].set] |= found->tasks[i];
}

/* Marks the sets of processes, or those with a namespace; all if there is no target. */
static void choose_sets(const struct snapshot *snapshot, const struct found_target *found, bool *chosen)
{
	if (found && found->is_process) {
		choose_sets_of_tasks(snapshot, found, chosen);
		return;
	}
	for (size_t i = 0; i < snapshot->set_count; i++) {
		chosen[i] = !found;
		for (enum ns_link link = 0; found && link < NS_LINK_COUNT; link++)
			chosen[i] |= found_target_has_ns(found, snapshot->sets[i].ns[link]);
	}
}

static int make_sets_rows(const struct snapshot *snapshot, const struct pointed *pointed,
			  const struct sets_options *options, const struct table *table,
			  struct set_rows *rows, struct error *err)
{
	AUTO_FREE bool *chosen = calloc(snapshot->set_count + 1, sizeof(*chosen));
	AUTO_FREE bool *within = calloc(snapshot->set_count + 1, sizeof(*within));
	struct sets_request request = {.chosen = chosen,
				       .within = within,
				       .by_nsproxy = options->by_nsproxy,
				       .details = table_needs(table) & NEEDS_OF_DETAILS};
	const struct found_target *found = pointed->at_target ? pointed->at_target : pointed->members;

	if (!chosen || !within)
		return error_set_errno(err, ENOMEM, "cannot list the sets");
	choose_sets(snapshot, pointed->at_target, chosen);
	choose_sets(snapshot, pointed->members, within);
	if (sets_make_rows(snapshot, &request, rows) < 0)
		return error_set_errno(err, ENOMEM, "cannot list the sets");
	if (rows->chosen_count == 0 && found && found->is_process && pointed->count == 1)
		return error_set(err, ESRCH, "process %d has left its set: it is a zombie",
				 snapshot->tasks[found->task].pid);
	return 0;
}

static int show_sets(const struct invocation *invocation, struct pointed *pointed,
		     const struct sets_options *options, struct table *table, struct error *err)
{
	AUTO_SNAPSHOT struct snapshot snapshot = {0};
	AUTO_SET_ROWS struct set_rows rows = {0};
	/* The links of tasks bring most namespaces. */
	const struct scan_request request = {
	    .types = NS_TYPE_SET_ALL, .engine = options->common.engine, .complete = true};
	int ret = pointed_scan(pointed, &request, &snapshot, err);

	if (ret == 0)
		ret = make_sets_rows(&snapshot, pointed, options, table, &rows, err);
	if (ret == 0)
		ret = set_columns_fill(table, &snapshot, &rows, options->with_addresses, err);
	if (ret == 0)
		ret = report_print(invocation, table, &options->common.table, "sets", &snapshot, err);
	if (ret == 0 && rows.chosen_count == 0 && pointed->container)
		container_report_none(invocation, pointed->container->text, invocation->words[0]);
	else if (ret == 0 && rows.chosen_count == 0 && pointed->target)
		report_no_process(invocation, &snapshot, pointed->at_target, pointed->target->text);
	return ret;
}

static int run_sets(const struct invocation *invocation, void *options, struct error *err)
{
	const struct sets_options *sets = options;
	AUTO_TABLE struct table *table = table_new(&layout, &sets->common.table, err);
	AUTO_POINTED struct pointed pointed = {.count = 0};

	if (!table || pointed_parse(invocation->words[0], &sets->common, &pointed, err) < 0)
		return command_report(invocation, err, EXIT_USAGE);
	if (sets->with_addresses && nsproxy_check_addresses(err) < 0)
		return -err->number;
	return show_sets(invocation, &pointed, sets, table, err);
}

const struct command command_sets = {
    .name = "sets",
    .summary = "each set of namespaces: which are its own, which it shares",
    .usage = "[OPTION]... [TARGET]",
    .help = "Show each set of namespaces that processes are in together, the host's first;\n"
	    "or the set of a process, or the sets that a namespace is in.\n"
	    "\n"
	    "NAMESPACES has a letter for each type: mnt m, uts u, ipc i, net n, pid p,\n"
	    "cgroup C, user U, time T.  In the place of each stands:\n"
	    "m  (the letter) a namespace of its own\n"
	    "-  the host's namespace\n"
	    "^  the namespace of the set that it was started from\n"
	    "=  a namespace that it shares with the set whose PID is in SHARES\n"
	    ">  any of these, but its next child will be in another namespace\n"
	    "?  unknown\n",
    .examples = "  nsctl sets                   what runs here, container by container\n"
		"  nsctl sets 1234              which set process 1234 is in\n"
		"  nsctl sets --container web   which sets the processes of a container are in\n"
		"  nsctl sets -o +NETNS,MNTNS   with inodes\n",
    .tables = {sets_options, common_container_options, common_filter_options, common_table_options,
	       common_look_options},
    .options_size = sizeof(struct sets_options),
    .prepare = prepare_sets,
    .word = "TARGET",
    .most = 1,
    .layout = &layout,
    .failed = EXIT_NO,
    .run = run_sets,
};
