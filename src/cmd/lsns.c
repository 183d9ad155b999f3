/* Called as lsns, nsctl is lsns(8) of util-linux 2.42: its options, its columns, its exit status. */
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
    " -r, --raw              columns apart by one space\n"
    " -u, --notruncate       cut nothing off\n"
    " -W, --nowrap           several mount points in one line\n"
    " -t, --type <name>      of this type: mnt, net, ipc, user, pid, uts, cgroup, time\n"
    " -T, --tree[=<rel>]     as a tree: parent, owner or process\n"
    " -H, --list-columns     list the columns there are\n"
    "\n"
    " -h, --help             this help\n"
    " -V, --version          version\n"
    "\n"
    "This is nsctl, called as lsns; see nsctl-list(1).\n";

static int refuse(void)
{
	fputs("Try 'lsns --help' for more information.\n", stderr);
	return EXIT_NO;
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
	case LIST_VERSION:
		puts("lsns from nsctl " NSCTL_VERSION " (the options of util-linux 2.42)");
		return 0;
	case LIST_BAD_OPTION:
		return refuse();
	case LIST_BAD_VALUE:
		return cmd_fail(argv, &err, EXIT_NO);
	case LIST_PARSED:
		break;
	}
	if (options.view.list_columns) {
		table_list_columns(list_columns, LIST_LSNS_COUNT);
		return 0;
	}
	return list_run(&options, argv);
}
