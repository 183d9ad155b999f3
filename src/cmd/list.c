/* nsctl list [NS]...: one row for each namespace. */
#include <stdio.h>

#include "cmd/cmd.h"
#include "cmd/list_options.h"
#include "view/list.h"

static const char help[] =
    "Usage: nsctl list [OPTION]... [NS]...\n"
    "List the namespaces of this machine, whatever holds them; or these alone.\n"
    "\n"
    " -t, --type LIST      of these types: cgroup, ipc, mnt, net, pid, time, user, uts\n"
    " -p, --task PID       of this process\n"
    " -P, --persistent     without processes\n"
    " -Q, --filter EXPR    where the expression is true; see scols-filter(5)\n"
    "     --sort COLUMN    in the order of this column\n" CMD_ENGINE_HELP
    " -T, --tree[=BY]      as a tree by owner, parent or process\n"
    " -l, --list           as a list, which is the default\n"
    " -W, --nowrap         several mount points in one line\n"
    "\n" VIEW_HELP " -h, --help           this help\n"
    "\n"
    "NS is net:[INODE], INODE, :ID, netns:NAME or a namespace file.\n"
    "For more see nsctl-list(1).\n";

int cmd_list(int argc, char **argv)
{
	struct list_options options;
	struct error err;
	int found = 0;
	int status;

	switch (list_options_parse(argc, argv, false, &options, &found, &err)) {
	case LIST_HELP:
		fputs(help, stdout);
		return 0;
	case LIST_OTHER_OPTION:
		return cmd_other_option(argv, found, list_long_options);
	case LIST_BAD_VALUE:
		return cmd_fail(argv, &err, EXIT_USAGE);
	case LIST_PARSED:
		break;
	}
	if (options.view.list_columns) {
		table_list_columns(list_columns, LIST_COUNT);
		return 0;
	}
	status = cmd_check_targets(argv, (const char *const *)options.words, options.word_count);
	return status ? status : list_run(&options, argv);
}
