/* Called as nsenter, nsctl is nsenter(1) of util-linux 2.42: its options, its exit status, no others. */
#include <getopt.h>
#include <stdio.h>

#include "cmd/cmd.h"
#include "cmd/enter_options.h"

static const char help[] = "\n"
			   "Usage:\n"
			   " nsenter [options] [<program> [<argument>...]]\n"
			   "\n"
			   "Run a program with namespaces of other processes.\n"
			   "\n"
			   "Options:\n"
			   " -a, --all                       all namespaces of the target\n"
			   " -t, --target <pid>[:<inode>]    the process whose namespaces are meant\n"
			   " -m, --mount[=<file>|=:<id>]     mount namespace\n"
			   " -u, --uts[=<file>|=:<id>]       UTS namespace\n"
			   " -i, --ipc[=<file>|=:<id>]       IPC namespace\n"
			   " -n, --net[=<file>|=:<id>]       network namespace\n"
			   " -N, --net-socket <fd>           network namespace of the target's socket\n"
			   " -p, --pid[=<file>|=:<id>]       PID namespace\n"
			   " -C, --cgroup[=<file>|=:<id>]    cgroup namespace\n"
			   " -U, --user[=<file>|=:<id>]      user namespace\n"
			   "     --user-parent               parent of the user namespace\n"
			   " -T, --time[=<file>|=:<id>]      time namespace\n"
			   " -S, --setuid <uid>|follow       user in the namespace\n"
			   " -G, --setgid <gid>|follow       group in the namespace\n"
			   "     --preserve-credentials      leave user and groups alone\n"
			   "     --keep-caps                 keep capabilities of the user namespace\n"
			   " -r, --root[=<dir>]              root directory\n"
			   " -w, --wd[=<dir>]                working directory\n"
			   " -W, --wdns[=<dir>]              working directory, a path in the namespace\n"
			   " -e, --env                       the target's environment variables\n"
			   " -F, --no-fork                   no fork before the program\n"
			   " -c, --join-cgroup               the target's cgroup\n"
			   " -Z, --follow-context            the target's SELinux context\n"
			   "\n"
			   " -h, --help                      this help\n"
			   " -V, --version                   version\n"
			   "\n"
			   "This is nsctl, called as nsenter; see nsctl-enter(1).\n";

static int refuse(const struct error *err, char **argv)
{
	cmd_fail(argv, err, EXIT_NO);
	fputs("Try 'nsenter --help' for more information.\n", stderr);
	return EXIT_NO;
}

int cmd_nsenter(int argc, char **argv)
{
	struct enter_options options;
	struct error err;

	switch (enter_options_parse(argc, argv, true, &options, &err)) {
	case ENTER_HELP:
		fputs(help, stdout);
		return 0;
	case ENTER_VERSION:
		puts("nsenter from nsctl " NSCTL_VERSION " (the options of util-linux 2.42)");
		return 0;
	case ENTER_BAD_OPTION:
		fputs("Try 'nsenter --help' for more information.\n", stderr);
		return EXIT_NO;
	case ENTER_BAD_VALUE:
		return refuse(&err, argv);
	case ENTER_PARSED:
		break;
	}
	if (options.target) {
		options.request.targets = &options.target;
		options.request.target_count = 1;
	}
	options.request.argv = argv + optind;
	return enter_run(&options.request, argv);
}
