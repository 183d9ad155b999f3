/* nsctl sets [TARGET]: one row for each set of namespaces. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "cmd/cmd.h"
#include "cmd/scanned.h"
#include "query/nsproxy.h"
#include "scan/scan.h"
#include "target/target.h"
#include "view/sets.h"

enum { OPTION_SORT = VIEW_OPTION_END, OPTION_ADDRESSES, OPTION_NSPROXY };

/* The default ones, and those of an nsproxy. */
#define NSPROXY_COLUMNS                                                                                      \
	"NPROCS,PID,USER,CGROUPNS,IPCNS,MNTNS,NETNS,PIDNS,TIMENS,USERNS,UTSNS,NSPROXY,REFS,COMMAND"

struct sets_options {
	struct view_options view;
	bool with_addresses;
	bool by_nsproxy;
};

static const char help[] =
    "Usage: nsctl sets [OPTION]... [TARGET]\n"
    "Show each set of namespaces that tasks are in together, the host's first; or\n"
    "the set of a process, or the sets that a namespace is in.\n"
    "\n"
    "Of each type a set has: - the host's namespace, ^ that of the set it was born\n"
    "from, or its own, by inode.  A namespace behind > is what the next children\n"
    "will be in.\n"
    "\n"
    " -Q, --filter EXPR    where the expression is true; see scols-filter(5)\n"
    "     --sort COLUMN    in the order of this column\n"
    "     --nsproxy        a row for each nsproxy, with its label and its count\n"
    "     --addresses      the same with its address, if the kernel shows these\n" CMD_ENGINE_HELP
    "\n" VIEW_HELP " -h, --help           this help\n"
    "\n"
    "TARGET is a PID, self, net:[INODE], :ID, netns:NAME or a namespace file.\n"
    "For more see nsctl-sets(1).\n";

/* The sets that a target is in, or makes; all without one. */
static void choose(const struct snapshot *snapshot, const struct target *target,
		   const struct found_target *found, bool *chosen)
{
	for (size_t i = 0; i < snapshot->set_count; i++) {
		const struct snapshot_set *set = &snapshot->sets[i];

		chosen[i] = !target || (found->is_process && snapshot->tasks[found->task].set == i);
		for (enum ns_link link = 0; target && !found->is_process && link < NS_LINK_COUNT; link++)
			chosen[i] |= set->ns[link] == found->ns;
	}
}

static int show(const struct target *target, const struct sets_options *options, struct table *table,
		char **argv, struct error *err)
{
	AUTO_SNAPSHOT struct snapshot snapshot = {0};
	AUTO_SET_ROWS struct set_rows rows = {0};
	AUTO_FREE bool *chosen = NULL;
	/* The links of tasks bring most namespaces. */
	const struct scan_request tasks = {
	    .types = NS_TYPE_SET_ALL, .engine = cmd_engine(), .complete = true};
	struct found_target found = {0};
	struct sets_request request = {.by_nsproxy = options->by_nsproxy};
	int ret = target_scan(target, target ? 1 : 0, &tasks, &snapshot, &found, err);

	if (ret < 0)
		return ret;
	chosen = calloc(snapshot.set_count + 1, sizeof(*chosen));
	if (!chosen)
		return error_set_errno(err, ENOMEM, "cannot make a table");
	choose(&snapshot, target, &found, chosen);
	request.chosen = chosen;
	request.details = sets_details(table);
	if (sets_make_rows(&snapshot, &request, &rows) < 0)
		return error_set_errno(err, ENOMEM, "cannot make a table");
	if (rows.count == 0 && found.is_process && target)
		return error_set(err, ESRCH, "process %d has left its set: it is a zombie",
				 snapshot.tasks[found.task].pid);
	ret = sets_fill(table, &snapshot, &rows, options->with_addresses, err);
	if (ret == 0)
		ret = scanned_print(table, &options->view, "sets", &snapshot, argv, err);
	if (ret == 0 && rows.count == 0 && target)
		scanned_report_no_process(&snapshot, found.ns, target->text, argv);
	return ret;
}

static int run(const char *word, const struct sets_options *options, char **argv)
{
	struct target target;
	struct error err;
	AUTO_TABLE struct table *table = table_new(sets_columns, SETS_COUNT, &options->view, &err);

	if (!table || (word && target_parse(word, &target, &err) < 0))
		return cmd_fail(argv, &err, EXIT_USAGE);
	if (options->with_addresses && nsproxy_check_addresses(&err) < 0)
		return cmd_fail(argv, &err, EXIT_NO);
	return show(word ? &target : NULL, options, table, argv, &err) < 0 ? cmd_fail(argv, &err, EXIT_NO)
									   : 0;
}

/* Returns 0; a negative errno with err; or 1 where it is another option. */
static int take(struct sets_options *options, int option, struct error *err)
{
	switch (option) {
	case 'Q':
		options->view.filter = optarg;
		return 0;
	case OPTION_SORT:
		options->view.sort = optarg;
		return 0;
	case OPTION_ADDRESSES:
		options->with_addresses = true;
		options->by_nsproxy = true;
		options->view.usual = NSPROXY_COLUMNS;
		return 0;
	case OPTION_NSPROXY:
		options->by_nsproxy = true;
		options->view.usual = NSPROXY_COLUMNS;
		return 0;
	case CMD_OPTION_ENGINE:
		return cmd_take_engine(optarg, err);
	default:
		return view_options_take(&options->view, option, optarg) ? 0 : 1;
	}
}

int cmd_sets(int argc, char **argv)
{
	static const struct option long_options[] = {VIEW_LONG_OPTIONS,
						     {"filter", required_argument, NULL, 'Q'},
						     {"sort", required_argument, NULL, OPTION_SORT},
						     {"nsproxy", no_argument, NULL, OPTION_NSPROXY},
						     {"addresses", no_argument, NULL, OPTION_ADDRESSES},
						     CMD_ENGINE_OPTION,
						     {"help", no_argument, NULL, 'h'},
						     {0}};
	struct sets_options options = {.view = {.no_wrap = true}};
	struct error err;
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":hQ:" VIEW_SHORT_OPTIONS, long_options, NULL)) != -1) {
		int ret;

		if (option == 'h') {
			fputs(help, stdout);
			return 0;
		}
		ret = take(&options, option, &err);
		if (ret == 1)
			return cmd_other_option(argv, option, long_options);
		if (ret < 0)
			return cmd_fail(argv, &err, EXIT_USAGE);
	}
	if (options.view.list_columns) {
		table_list_columns(sets_columns, SETS_COUNT);
		return 0;
	}
	if (argc - optind > 1)
		return cmd_refuse(argv, "one TARGET at a time: '%.256s' is a second", argv[optind + 1]);
	return run(argv[optind], &options, argv);
}
