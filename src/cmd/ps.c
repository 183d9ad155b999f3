/* nsctl ps TARGET: the processes in a namespace or set, with their numbers and users outside and inside. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "cmd/cmd.h"
#include "cmd/scanned.h"
#include "scan/scan.h"
#include "target/target.h"
#include "view/ps.h"

enum { OPTION_SORT = VIEW_OPTION_END, OPTION_TASKS };

static const char help[] = "Usage: nsctl ps [OPTION]... TARGET\n"
			   "Show the processes in a namespace, or in the same set of namespaces as a\n"
			   "process, as a tree.  NSPID and NSUSER are what a process is inside.\n"
			   "\n"
			   "     --tasks          their threads too\n"
			   " -l, --list           as a list\n"
			   " -Q, --filter EXPR    where the expression is true; see scols-filter(5)\n"
			   "     --sort COLUMN    in the order of this column\n" CMD_ENGINE_HELP
			   "\n" VIEW_HELP " -h, --help           this help\n"
			   "\n"
			   "TARGET is a PID, self, net:[INODE], :ID, netns:NAME or a namespace file.\n"
			   "For more see nsctl-ps(1).\n";

struct ps_options {
	struct view_options view;
	bool with_threads;
};

static bool is_chosen(const struct snapshot *snapshot, const struct found_target *found, uint32_t task)
{
	const struct snapshot_task *tasks = snapshot->tasks;

	/* Also with another nsproxy, which who joins by setns(2) has. */
	if (found->is_process)
		return snapshot_has_same_ns(snapshot, tasks[task].set, tasks[found->task].set);
	return snapshot_task_is_in(snapshot, task, found->ns);
}

/* Without threads, a process of which only a thread is in it is still shown: by that thread. */
static void choose(const struct snapshot *snapshot, const struct found_target *found, bool with_threads,
		   bool *chosen)
{
	pid_t last = 0;

	for (uint32_t i = 0; i < snapshot->task_count; i++) {
		if (!is_chosen(snapshot, found, i))
			continue;
		chosen[i] = with_threads || snapshot->tasks[i].tgid != last;
		last = snapshot->tasks[i].tgid;
	}
}

static unsigned int choose_details(const struct table *table)
{
	unsigned int details = DETAIL_STAT;

	if (table_wants(table, PS_USER) || table_wants(table, PS_UID))
		details |= DETAIL_USER;
	if (table_wants(table, PS_NSPID) || table_wants(table, PS_NSUSER) || table_wants(table, PS_NSUID))
		details |= DETAIL_INSIDE;
	if (table_wants(table, PS_STATE))
		details |= DETAIL_STATE;
	if (table_wants(table, PS_COMMAND))
		details |= DETAIL_COMMAND;
	return details;
}

static int show(const struct target *target, const struct ps_options *options, struct table *table,
		char **argv, struct error *err)
{
	AUTO_SNAPSHOT struct snapshot snapshot = {0};
	AUTO_ROWS struct rows rows = {0};
	AUTO_FREE bool *chosen = NULL;
	/* Of a namespace only its own links are read: all else of a task has no say. */
	const struct scan_request request = {.types = target->types, .engine = cmd_engine()};
	struct found_target found = {0};
	int ret = target_scan(target, 1, &request, &snapshot, &found, err);

	if (ret < 0)
		return ret;
	chosen = calloc(snapshot.task_count + 1, sizeof(*chosen));
	if (!chosen)
		return error_set_errno(err, ENOMEM, "cannot make a table");
	choose(&snapshot, &found, options->with_threads, chosen);
	if (rows_of_tasks(&snapshot, chosen, choose_details(table), &rows) < 0)
		return error_set_errno(err, ENOMEM, "cannot make a table");
	ret = ps_fill(table, &snapshot, &rows, err);
	if (ret == 0)
		ret = scanned_print(table, &options->view, "processes", &snapshot, argv, err);
	if (ret == 0 && rows.count == 0 && !found.is_process)
		scanned_report_no_process(&snapshot, found.ns, target->text, argv);
	return ret;
}

static int run(const char *word, const struct ps_options *options, char **argv)
{
	struct target target;
	struct error err;
	AUTO_TABLE struct table *table = table_new(ps_columns, PS_COUNT, &options->view, &err);

	if (!table || target_parse(word, &target, &err) < 0)
		return cmd_fail(argv, &err, EXIT_USAGE);
	return show(&target, options, table, argv, &err) < 0 ? cmd_fail(argv, &err, EXIT_NO) : 0;
}

static bool take(struct ps_options *options, int option)
{
	switch (option) {
	case 'l':
		options->view.is_tree = false;
		return true;
	case 'Q':
		options->view.filter = optarg;
		return true;
	case OPTION_SORT:
		options->view.sort = optarg;
		return true;
	case OPTION_TASKS:
		options->with_threads = true;
		options->view.usual = "PID,TID,NSPID,USER,NSUSER,STATE,AGE,COMMAND";
		return true;
	default:
		return view_options_take(&options->view, option, optarg);
	}
}

int cmd_ps(int argc, char **argv)
{
	static const struct option long_options[] = {VIEW_LONG_OPTIONS,
						     {"tasks", no_argument, NULL, OPTION_TASKS},
						     {"list", no_argument, NULL, 'l'},
						     {"filter", required_argument, NULL, 'Q'},
						     {"sort", required_argument, NULL, OPTION_SORT},
						     CMD_ENGINE_OPTION,
						     {"help", no_argument, NULL, 'h'},
						     {0}};
	struct ps_options options = {.view = {.is_tree = true, .tree_column = PS_COMMAND}};
	struct error err;
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":hlQ:" VIEW_SHORT_OPTIONS, long_options, NULL)) != -1) {
		if (option == 'h') {
			fputs(help, stdout);
			return 0;
		}
		if (option == CMD_OPTION_ENGINE) {
			if (cmd_take_engine(optarg, &err) < 0)
				return cmd_fail(argv, &err, EXIT_USAGE);
		} else if (!take(&options, option))
			return cmd_other_option(argv, option, long_options);
	}
	if (options.view.list_columns) {
		table_list_columns(ps_columns, PS_COUNT);
		return 0;
	}
	if (argc - optind != 1)
		return cmd_refuse(argv, argc == optind ? "a TARGET is missing" : "one TARGET at a time");
	return run(argv[optind], &options, argv);
}
