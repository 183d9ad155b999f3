/* nsctl enter TARGET [CMD…]: run a program in a target's namespaces. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/enter_options.h"
#include "target/target.h"

static const char help[] =
    "Usage: nsctl enter [OPTION]... TARGET [PROGRAM [ARGUMENT]...]\n"
    "       nsctl enter [OPTION]... FILE... -- [PROGRAM [ARGUMENT]...]\n"
    "       nsctl enter -t PID [OPTION]... [PROGRAM [ARGUMENT]...]\n"
    "Run a program, or else the user's shell, in the namespaces of TARGET.\n"
    "\n"
    "Of a process, without an option that names a namespace: all namespaces that\n"
    "differ from the caller's, the root and the working directory.\n"
    "\n"
    "Namespaces:\n"
    " -a, --all              all of the target's that differ from the caller's\n"
    " -t, --target PID       the process; PID:INODE only if its pidfd has that inode\n"
    " -m, --mount[=FILE]     the mnt namespace, of the target or from FILE;\n"
    "                        FILE may be :ID, a 64-bit namespace id\n"
    " -u, --uts[=FILE]       the uts namespace\n"
    " -i, --ipc[=FILE]       the ipc namespace\n"
    " -n, --net[=FILE]       the net namespace\n"
    " -N, --net-socket FD    the net namespace of the target's socket FD\n"
    " -p, --pid[=FILE]       the pid namespace\n"
    " -U, --user[=FILE]      the user namespace\n"
    "     --user-parent      the parent of the user namespace\n"
    " -C, --cgroup[=FILE]    the cgroup namespace\n"
    " -T, --time[=FILE]      the time namespace\n"
    "\n"
    "Who the program is:\n"
    " -S, --setuid USER      id or name in the target's passwd file, or 'follow': the\n"
    "                        target's user and groups, and no more privileges\n"
    " -G, --setgid GROUP     id or name in the target's group file, or 'follow': the\n"
    "                        target's, and all its groups\n"
    "     --init-groups      all groups that the target's group file gives the user\n"
    "     --preserve-credentials  keep user and groups as they are\n"
    "     --keep-caps        keep the capabilities that the user namespace gives\n"
    " -Z, --follow-context   the target's SELinux context\n"
    "\n"
    "What it finds:\n"
    " -r, --root[=DIR]       the target's root directory, or DIR\n"
    " -w, --wd[=DIR]         the target's working directory, or DIR\n"
    " -W, --wdns[=DIR]       the working directory DIR, a path inside\n"
    " -e, --env              the target's environment\n"
    " -c, --join-cgroup      the target's cgroups\n"
    "     --mount-proc       a /proc of the pid namespace, seen by the program alone\n"
    "     --mount-sys        a /sys of the net namespace, seen by the program alone\n"
    "     --dns              the target's resolv.conf and hosts, where /etc is not its own\n"
    "     --preserve-fds N   keep descriptors 3 to N+2 open; all others are closed\n"
    "\n"
    "How it runs:\n"
    " -F, --no-fork          do not fork to get into the pid namespace\n"
    "     --kill-child[=SIGNAL]  what it gets when nsctl is killed (default KILL)\n"
    " -V, --version          version\n"
    " -h, --help             this help\n"
    "\n"
    "Exit status: the program's; 128+N when signal N ended it; 125 nsctl failed,\n"
    "126 the program could not be executed, 127 it was not found; 2 bad usage.\n"
    "For more see nsctl-enter(1).\n";

static bool is_namespace_word(const char *word)
{
	struct target target;
	struct error ignored; /* then it is a word of the program's */
	AUTO_NS struct ns ns = NS_CLOSED;

	if (target_parse(word, &target, &ignored) < 0)
		return false;
	return target.kind != TARGET_FILE || ns_open_path(target.name, &ns, &ignored) == 0;
}

/*
 * How many of the words are targets.  Several are, where a "--" ends them;
 * but a "--" that comes after a word that is no target is the program's own.
 */
static size_t count_targets(char **words, size_t count)
{
	size_t end = 0;

	while (end < count && strcmp(words[end], "--") != 0)
		end++;
	if (end == count || end == 0)
		return 1;
	for (size_t i = 1; i < end; i++) {
		if (!is_namespace_word(words[i]))
			return 1;
	}
	return end;
}

/* Splits the words behind the options into targets and program. */
static int take_words(struct enter_options *options, char **argv, char **words, size_t count)
{
	struct enter_request *request = &options->request;
	size_t targets;

	if (options->target) {
		request->targets = &options->target;
		request->target_count = 1;
	}
	if (options->target || options->has_file) {
		request->argv = words;
		return 0;
	}
	if (count == 0)
		return cmd_refuse(argv, "which TARGET?");
	targets = count_targets(words, count);
	request->targets = (const char *const *)words;
	request->target_count = targets;
	request->argv = words + targets;
	if (targets < count && strcmp(words[targets], "--") == 0)
		request->argv++;
	else if (request->argv[0] && request->argv[0][0] == '-')
		return cmd_refuse(argv, "'%.256s' stands after the TARGET: options go before it",
				  request->argv[0]);
	return 0;
}

int cmd_enter(int argc, char **argv)
{
	struct enter_options options;
	struct error err;
	int status;

	switch (enter_options_parse(argc, argv, false, &options, &err)) {
	case ENTER_HELP:
		fputs(help, stdout);
		return 0;
	case ENTER_VERSION:
		puts("nsctl " NSCTL_VERSION);
		return 0;
	case ENTER_BAD_OPTION:
		return cmd_other_option(argv, options.found, enter_long_options);
	case ENTER_BAD_VALUE:
		return cmd_fail(argv, &err, EXIT_USAGE);
	case ENTER_PARSED:
		break;
	}
	status = take_words(&options, argv, argv + optind, (size_t)(argc - optind));
	if (status == 0)
		status = cmd_check_targets(argv, options.request.targets, options.request.target_count);
	if (status != 0)
		return status;
	options.request.everything = !options.has_type;
	return enter_run(&options.request, argv);
}
