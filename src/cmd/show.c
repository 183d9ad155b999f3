/* nsctl show TARGET: all about one process or one namespace. */
#include <stdio.h>

#include "cmd/cmd.h"
#include "target/target.h"
#include "view/describe.h"

static const char help[] = "Usage: nsctl show [OPTION]... [TARGET]\n"
			   "Show all about one process or one namespace; without TARGET, of the caller.\n"
			   "\n" VIEW_HELP " -h, --help           this help\n"
			   "\n"
			   "TARGET is a PID, self, net:[INODE], :ID, netns:NAME or a namespace file.\n"
			   "For more see nsctl-show(1).\n";

static int show_process(const struct process *process, const struct view_options *options, struct error *err)
{
	AUTO_PROCESS_DESCRIPTION struct process_description description;
	int ret = describe_process(process, &description, err);

	return ret < 0 ? ret : view_process(&description, options, err);
}

static int show_ns(const struct ns *ns, const struct view_options *options, struct error *err)
{
	struct ns_description description;

	describe_ns(ns, &description);
	return view_ns(&description, options, err);
}

static int show(const char *text, const struct view_options *options, struct error *err)
{
	AUTO_TARGET struct opened_target opened;
	int ret = target_open_text(text, &opened, err);

	if (ret < 0)
		return ret;
	return opened.is_process ? show_process(&opened.process, options, err)
				 : show_ns(&opened.ns, options, err);
}

int cmd_show(int argc, char **argv)
{
	static const struct option long_options[] = {
	    VIEW_LONG_OPTIONS, {"help", no_argument, NULL, 'h'}, {0}};
	struct view_options options = {0};
	struct error err;
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":h" VIEW_SHORT_OPTIONS, long_options, NULL)) != -1) {
		if (option == 'h') {
			fputs(help, stdout);
			return 0;
		}
		if (!view_options_take(&options, option, optarg))
			return cmd_refuse_option(argv, option);
	}
	if (options.list_columns) {
		view_list_columns();
		return 0;
	}
	if (argc - optind > 1)
		return cmd_refuse(argv, "one TARGET at a time: '%.256s' is a second", argv[optind + 1]);
	if (show(optind < argc ? argv[optind] : "self", &options, &err) < 0)
		return cmd_fail(argv, &err, EXIT_NO);
	return 0;
}
