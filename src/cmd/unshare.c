/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Called as unshare, nsctl is unshare(1) of util-linux 2.42: its options, its exit status, no others. */
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>

#include "cmd/new_options.h"

static const char help[] = "\n"
			   "Usage:\n"
			   " unshare [options] [<program> [<argument>...]]\n"
			   "\n"
			   "Run a program in new namespaces.\n"
			   "\n"
			   "Options:\n"
			   " -m, --mount[=<file>]            mount namespace\n"
			   " -u, --uts[=<file>]              UTS namespace\n"
			   " -i, --ipc[=<file>]              IPC namespace\n"
			   " -n, --net[=<file>]              network namespace\n"
			   " -p, --pid[=<file>]              PID namespace\n"
			   " -U, --user[=<file>]             user namespace\n"
			   " -C, --cgroup[=<file>]           cgroup namespace\n"
			   " -T, --time[=<file>]             time namespace\n"
			   "\n"
			   " -r, --map-root-user             become root inside\n"
			   " -c, --map-current-user          keep user and group inside\n"
			   "     --map-user <uid>|<name>     the user inside\n"
			   "     --map-group <gid>|<name>    the group inside\n"
			   "     --map-users <range>         <inner>:<outer>:<count>, auto, subids or all\n"
			   "     --map-groups <range>        the same for groups\n"
			   "     --map-auto                  subordinate ids, from 0 on\n"
			   "     --map-subids                subordinate ids, each as itself\n"
			   "     --owner <uid>:<gid>         owner of the user namespace\n"
			   "     --setgroups allow|deny      setgroups(2) inside\n"
			   "     --keep-caps                 keep capabilities of the user namespace\n"
			   "\n"
			   " -f, --fork                      fork before the program\n"
			   "     --kill-child[=<signame>]    signal of the child when unshare dies\n"
			   "     --forward-signals           forward SIGINT and SIGTERM to the child\n"
			   "     --mount-proc[=<dir>]        mount proc\n"
			   "     --mount-binfmt[=<dir>]      mount binfmt_misc\n"
			   " -l, --load-interp <definition>  register a binfmt_misc interpreter\n"
			   "     --propagation slave|shared|private|unchanged\n"
			   "                                 mount propagation\n"
			   " -R, --root <dir>                root directory\n"
			   " -w, --wd <dir>                  working directory\n"
			   " -S, --setuid <uid>              user of the program\n"
			   " -G, --setgid <gid>              group of the program\n"
			   "     --clear-env                 empty environment\n"
			   "     --whitelist-env <list>      variables to keep\n"
			   "     --monotonic <offset>        clock offset in seconds\n"
			   "     --boottime <offset>         clock offset in seconds\n"
			   "\n"
			   " -h, --help                      this help\n"
			   " -V, --version                   version\n"
			   "\n"
			   "This is nsctl, called as unshare; see nsctl-new(1).\n";

static void prepare_unshare(void *data)
{
	struct new_options *options = data;

	new_options_prepare(data);
	options->request.as_unshare = true;
	options->request.no_fork = true;
}

static int run_unshare(const struct invocation *invocation, void *data, struct error *err)
{
	struct new_options *options = data;
	struct create_request *request = &options->request;

	if ((request->monotonic.is_set || request->boottime.is_set) && !(request->types & 1U << NS_TIME)) {
		error_set(err, EINVAL,
			  "options --monotonic and --boottime require "
			  "unsharing of a time namespace (-T)");
		return command_report(invocation, err, EXIT_NO);
	}
	/* unshare(1) does so first: the program does not inherit that the caller ignores it. */
	signal(SIGCHLD, SIG_DFL);
	request->habit = options->forwards ? SUPERVISOR_FORWARDS_ENDING : SUPERVISOR_IGNORES_ENDING;
	request->argv = invocation->words;
	request->shell = getenv("SHELL");
	return new_run(invocation, options, err);
}

const struct command command_unshare = {
    .name = "unshare",
    .tables = {new_unshare_options},
    .options_size = sizeof(struct new_options),
    .prepare = prepare_unshare,
    .most = SIZE_MAX,
    .stops_at_word = true,
    .failed = EXIT_NO,
    .util_linux_help = help,
    .run = run_unshare,
};
