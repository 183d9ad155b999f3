/* nsctl show TARGET: all about one process or one namespace. */
#include <errno.h>
#include <stdio.h>

#include "cmd/cmd.h"
#include "cmd/deadline.h"
#include "target/target.h"
#include "view/describe.h"

static const char help[] = "Usage: nsctl show [OPTION]... [TARGET]\n"
			   "Show all about one process or one namespace; without TARGET, of the caller.\n"
			   "\n" CMD_ENGINE_HELP VIEW_HELP " -h, --help           this help\n"
			   "\n"
			   "TARGET is a PID, self, net:[INODE], :ID, netns:NAME or a namespace file.\n"
			   "For more see nsctl-show(1).\n";

/* The last line on standard error, where not all could be read. */
static void warn_of_denied(const struct process_description *description, char **argv)
{
	size_t denied = process_description_denied(description);
	struct error warning;

	if (denied == 0)
		return;
	error_set(&warning, EACCES, "%zu of %d links of process %d could not be read", denied, NS_LINK_COUNT,
		  description->pid);
	process_hint_at_permission(&warning);
	cmd_fail(argv, &warning, 0);
}

static int show_process(const struct process *process, const struct view_options *options, char **argv,
			struct error *err)
{
	AUTO_PROCESS_DESCRIPTION struct process_description description;
	struct deadline deadline;
	int ret;

	deadline_set(&deadline);
	ret = describe_process(process, &description, err);
	deadline_clear(&deadline);
	if (ret == 0)
		ret = view_process(&description, options, err);
	if (ret == 0)
		warn_of_denied(&description, argv);
	return ret;
}

static int show_ns(const struct ns *ns, const struct view_options *options, struct error *err)
{
	struct ns_description description;
	struct deadline deadline;

	deadline_set(&deadline);
	describe_ns(ns, cmd_engine(), &description);
	deadline_clear(&deadline);
	return view_ns(&description, options, err);
}

static int show(const struct target *target, const struct view_options *options, char **argv)
{
	AUTO_TARGET struct opened_target opened;
	struct error err;
	int ret = target_open(target, cmd_engine(), &opened, &err);

	if (ret == 0)
		ret = opened.is_process ? show_process(&opened.process, options, argv, &err)
					: show_ns(&opened.ns, options, &err);
	return ret < 0 ? cmd_fail(argv, &err, EXIT_NO) : 0;
}

int cmd_show(int argc, char **argv)
{
	static const struct option long_options[] = {
	    VIEW_LONG_OPTIONS, CMD_ENGINE_OPTION, {"help", no_argument, NULL, 'h'}, {0}};
	struct view_options options = {0};
	struct target target;
	struct error err;
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":h" VIEW_SHORT_OPTIONS, long_options, NULL)) != -1) {
		if (option == 'h') {
			fputs(help, stdout);
			return 0;
		}
		if (option == CMD_OPTION_ENGINE) {
			if (cmd_take_engine(optarg, &err) < 0)
				return cmd_fail(argv, &err, EXIT_USAGE);
		} else if (!view_options_take(&options, option, optarg))
			return cmd_other_option(argv, option, long_options);
	}
	if (options.list_columns) {
		view_list_columns();
		return 0;
	}
	if (argc - optind > 1)
		return cmd_refuse(argv, "one TARGET at a time: '%.256s' is a second", argv[optind + 1]);
	if (view_check_columns(&options, &err) < 0 ||
	    target_parse(optind < argc ? argv[optind] : "self", &target, &err) < 0)
		return cmd_fail(argv, &err, EXIT_USAGE);
	return show(&target, &options, argv);
}
