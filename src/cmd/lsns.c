/* Called as lsns, nsctl is lsns(8) of util-linux 2.42: its options, its columns, its exit status. */
#include <errno.h>
#include <stdio.h>

#include "cmd/cmd.h"
#include "cmd/list_options.h"
#include "view/list.h"

static const char help[] =
    "\n"
    "Usage:\n"
    " lsns [options] [<namespace>]\n"
    "\n"
    "List namespaces.\n"
    "\n"
    "Options:\n"
    " -J, --json             JSON\n"
    " -l, --list             as a list\n"
    " -n, --noheadings       no headings\n"
    " -o, --output <list>    these columns; +<list> adds to the default ones\n"
    "     --output-all       all columns\n"
    " -P, --persistent       namespaces without processes\n"
    " -p, --task <pid>       namespaces of this process\n"
    " -Q, --filter <expr>    namespaces for which the expression is true\n"
    " -r, --raw              columns separated by one space\n"
    " -u, --notruncate       do not truncate\n"
    " -W, --nowrap           several mount points in one line\n"
    " -t, --type <name>      of this type: mnt, net, ipc, user, pid, uts, cgroup, time\n"
    " -T, --tree[=<rel>]     as a tree: parent, owner or process\n"
    " -H, --list-columns     list the columns there are\n"
    "\n"
    " -h, --help             this help\n"
    " -V, --version          version\n"
    "\n"
    "This is nsctl, called as lsns; see nsctl-list(1).\n";

/* --json and --raw exclude each other; of all else getopt_long(3) has printed what is wrong. */
static int take_other_option(int found, char **argv)
{
	struct error err;

	if (found == 'V') {
		puts("lsns from nsctl " NSCTL_VERSION " (the options of util-linux 2.42)");
		return 0;
	}
	if (found == 'J' || found == 'r') {
		error_set(&err, EINVAL, "mutually exclusive arguments: --json --raw");
		return cmd_fail(argv, &err, EXIT_NO);
	}
	fputs("Try 'lsns --help' for more information.\n", stderr);
	return EXIT_NO;
}

static int list_columns_of_lsns(const struct view_options *options, char **argv)
{
	struct error err;

	if (table_list_columns_as_lsns(list_columns, LIST_LSNS_COUNT, options, &err) < 0)
		return cmd_fail(argv, &err, EXIT_NO);
	return 0;
}

int cmd_lsns(int argc, char **argv)
{
	struct list_options options;
	struct error err;
	int found = 0;

	switch (list_options_parse(argc, argv, true, &options, &found, &err)) {
	case LIST_HELP:
		fputs(help, stdout);
		return 0;
	case LIST_OTHER_OPTION:
		return take_other_option(found, argv);
	case LIST_BAD_VALUE:
		return cmd_fail(argv, &err, EXIT_NO);
	case LIST_PARSED:
		break;
	}
	if (options.view.list_columns)
		return list_columns_of_lsns(&options.view, argv);
	return list_run(&options, argv);
}
