/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Called as nsenter, nsctl is nsenter(1) of util-linux 2.42: its options, its exit status, no others. */
#include <stdint.h>
#include <stdlib.h>

#include "base/cleanup.h"
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

static void prepare_nsenter(void *options)
{
	struct enter_options *enter = options;

	enter_options_prepare(options);
	enter->request.as_nsenter = true;
	enter->request.terminal = TERMINAL_NONE;
	enter->request.join_with_ns = false;
}

static int run_nsenter(const struct invocation *invocation, void *data, struct error *err)
{
	struct enter_options *options = data;
	AUTO_FREE struct target *targets = NULL;

	options->request.target_count = options->target != NULL;
	targets = command_parse_targets(&options->target, options->request.target_count, err);
	if (!targets)
		return -err->number;
	options->request.targets = targets;
	options->request.engine = options->common.engine;
	options->request.argv = invocation->words;
	options->request.shell = getenv("SHELL");
	return enter_run(invocation, &options->request, err);
}

const struct command command_nsenter = {
    .name = "nsenter",
    .tables = {enter_nsenter_options},
    .options_size = sizeof(struct enter_options),
    .prepare = prepare_nsenter,
    .most = SIZE_MAX,
    .stops_at_word = true,
    .failed = EXIT_NO,
    .util_linux_help = help,
    .tries_help = true,
    .run = run_nsenter,
};
