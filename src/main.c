/*
 * nsctl: see every namespace of this machine, and step into any of them.
 *
 * A map of the source.  A folder depends only on those above it here.
 *
 *   base/       knows nothing of namespaces
 *     cleanup.h    descriptors and memory that go away with their variable
 *     array        arrays that grow
 *     workers      threads that share a piece of work
 *     bounded      processes that share work which may block forever
 *     stack        a stack for callers whose limit is too low
 *     map          from numbers to indexes
 *     error        one error: what, which object, why, what would help
 *     file         small files, whole and bounded; files of a hostile tree
 *     numbers      the numbers in a directory of procfs
 *     text         hostile text made safe; strict numbers; the nearest word
 *   ns/         what a namespace is
 *     type         the eight types, the ten links of /proc/PID/ns
 *     ns           one namespace: opened, identified, its owner and parent
 *     netnsid      the numbers that the network has for net namespaces
 *     uapi.h       what newer kernels have and older headers do not
 *   proc/       processes
 *     process      one process or thread, held by pidfd and directory
 *     status       its status, names and id maps
 *     mountinfo    the mounts that it sees
 *     procfs       whose processes /proc shows
 *     capabilities the caller's own
 *     socket       what a socket of its is
 *     privileges   what it may gain when it executes a program
 *     users        /etc/passwd of any tree, read as data
 *     groups       /etc/group, the same way
 *     user_names   the names of this system's users
 *   bpf/        asking the kernel's own structures
 *     *.bpf.c      the programs that run in the kernel
 *     kernel.h     what they reach the kernel by
 *     fields.h     the fields of its structures that they read
 *     record.h     what they tell
 *     btf          where these fields lie in the running kernel
 *     iterator     a program loaded, and the file that it fills
 *   snapshot/   what one scan found; immutable afterwards
 *     snapshot     namespaces, sets, tasks, holders, and how to find them
 *     details      what only a task that is shown needs
 *     unanswered   what blocked whoever asked for it
 *   scan/       finding it
 *     scan         what was asked for, source by source:
 *     engine         BPF or procfs
 *     tasks_bpf      tasks from a BPF iterator
 *     files_bpf      open files and sockets from another
 *     records        reading what an iterator tells
 *     tasks_procfs   tasks from /proc, read by several helpers
 *     procfs_task    of one process
 *     files          with them, its open files and sockets
 *     listed         what the kernel itself lists
 *     mounts         bind mounts, in every mnt namespace
 *     relations      owners, parents, ids
 *     details      of the tasks that are shown
 *     reach        from what was found to the namespace itself, opened
 *   target/     what the user points at
 *     parse        from the word to its meaning: looks nothing up
 *     open         from its meaning to a process or a namespace
 *     find         from its meaning to what a snapshot has
 *   query/      what is asked of all this
 *     describe     all about one process, or one namespace
 *     facts        what is true of any namespace
 *     compare      the namespaces of several targets side by side
 *     rows         which namespaces and tasks to show, and as which tree
 *     sets         the sets, and which of their namespaces are their own
 *     nsproxy      what to call what the tasks of a set share
 *     why          who holds a namespace
 *     inside_users the names that users have inside
 *     features     what this kernel and these privileges allow
 *   enter/      stepping in: the plan opens and decides everything, act does it
 *     request.h    what was asked for
 *     instant      what the plan knows of the process belongs to one instant
 *     plan         the plan, made of:
 *     namespaces     which, from where, in which order
 *     surroundings   root, working directory, environment, label
 *     cgroups        the target's cgroups
 *     cgroup_state   whether one of them is frozen or full
 *     credentials    user, groups, capabilities:
 *     supplementary    the supplementary groups
 *     identity         names, groups and variables of a user, from the target's files
 *     confine          no more privileges than the target could gain
 *     program        the program, or a shell
 *     descriptors    what of the caller's open files is inherited
 *     act          the plan carried out, straight down
 *     supervise    the process that stays outside: signals in, status out
 *   view/       how it looks: tables, JSON, text
 *   cmd/        one file a command: its options, its exit status
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "base/error.h"
#include "base/stack.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "scan/engine.h"

struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *description;
};

static const struct command commands[] = {
    {"sets", cmd_sets, "each set of namespaces: which are its own, which it shares"},
    {"list", cmd_list, "every namespace, whatever holds it"},
    {"show", cmd_show, "all about one process or one namespace"},
    {"compare", cmd_compare, "which namespaces two or more processes share"},
    {"ps", cmd_ps, "the processes in a namespace or set"},
    {"why", cmd_why, "what keeps a namespace alive"},
    {"enter", cmd_enter, "run a program in the target's namespaces"},
    {"features", cmd_features, "what this kernel and these privileges allow"},
};

#define COMMAND_COUNT (sizeof(commands) / sizeof(commands[0]))

static void print_help(void)
{
	puts("Usage: nsctl COMMAND [ARGUMENT]...\n"
	     "See the namespaces of this machine, and step into any of them.\n");
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		printf("  %-9s %s\n", commands[i].name, commands[i].description);
	puts("\n"
	     "Without a COMMAND: nsctl sets.  `nsctl COMMAND --help` tells more; see\n"
	     "nsctl(1).  Called as nsenter or lsns, it is that.\n"
	     "\n"
	     " -h, --help     this help\n"
	     " -V, --version  version");
}

static int refuse_command(const char *word)
{
	const char *names[COMMAND_COUNT + 1] = {NULL};
	const char *nearest;
	struct error err;

	for (size_t i = 0; i < COMMAND_COUNT; i++)
		names[i] = commands[i].name;
	nearest = text_nearest(word, names);
	error_set(&err, EINVAL, "'%.256s' is not a command", word);
	if (nearest)
		error_hint(&err, "did you mean '%s'?", nearest);
	else
		error_hint(&err, "nsctl --help lists them");
	error_print(&err, "nsctl");
	return EXIT_USAGE;
}

static int run_command(int argc, char **argv)
{
	char name[64];

	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		if (strcmp(argv[0], commands[i].name) != 0)
			continue;
		snprintf(name, sizeof(name), "nsctl %s", commands[i].name);
		argv[0] = name;
		return commands[i].run(argc, argv);
	}
	return refuse_command(argv[0]);
}

/* A word that is no engine would be taken for none. */
static bool has_good_environment(void)
{
	const char *name = getenv(ENGINE_VARIABLE);
	struct error err;

	if (!name || cmd_check_engine(name, " in " ENGINE_VARIABLE, &err) == 0)
		return true;
	error_print(&err, "nsctl");
	return false;
}

static int run(int argc, char **argv)
{
	char *sets[] = {(char[]){"sets"}, NULL};

	if (!has_good_environment())
		return EXIT_USAGE;
	if (argc < 2)
		return run_command(1, sets);
	if (strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "--help") == 0) {
		print_help();
		return 0;
	}
	if (strcmp(argv[1], "-V") == 0 || strcmp(argv[1], "--version") == 0) {
		puts("nsctl " NSCTL_VERSION);
		return 0;
	}
	return run_command(argc - 1, argv + 1);
}

/* Output that was lost is a failure; a reader that has left, as head(1) does, is not. */
static int finish(int status, const char *program)
{
	struct error err;

	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	if (errno == EPIPE)
		return status;
	error_set_errno(&err, errno, "cannot write the output");
	error_print(&err, program);
	return status ? status : EXIT_NO;
}

/*
 * Where the caller closed a standard descriptor, none of ours may take its
 * number: messages would go into it.  O_PATH, so that a write still fails.
 */
static void occupy_standard_descriptors(void)
{
	int fd = open("/", O_PATH | O_CLOEXEC);

	while (fd >= 0 && fd <= STDERR_FILENO)
		fd = open("/", O_PATH | O_CLOEXEC);
	if (fd >= 0)
		close(fd);
}

/* The other programs that nsctl can be called as. */
static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} names[] = {{"nsenter", cmd_nsenter}, {"lsns", cmd_lsns}};

/*
 * AT_SECURE (getauxval(3)): executing this file gave the caller more than it
 * had, by a set-user-ID bit or file capabilities.  Whoever may enter, and
 * choose the program, could then become root.
 */
static int refuse_privileged_file(int argc, char **argv, const char *program)
{
	bool enters = strcmp(program, "nsctl") == 0 && argc > 1 && strcmp(argv[1], "enter") == 0;
	struct error err;

	error_set(&err, EPERM, "refusing to run with privileges that the caller does not have");
	error_hint(&err, "this file must not be set-user-ID or set-group-ID, nor have capabilities "
			 "or a security label of its own");
	error_print(&err, program);
	return enters ? EXIT_ENTER_FAILED : EXIT_NO;
}

static int run_by_name(int argc, char **argv)
{
	char *slash = strrchr(argv[0], '/');
	const char *program = "nsctl";
	int (*run_program)(int argc, char **argv) = run;

	if (slash)
		argv[0] = slash + 1;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(argv[0], names[i].name) == 0) {
			program = names[i].name;
			run_program = names[i].run;
		}
	}
	if (getauxval(AT_SECURE))
		return refuse_privileged_file(argc, argv, program);
	occupy_standard_descriptors();
	return finish(run_program(argc, argv), program);
}

int main(int argc, char **argv)
{
	return argc < 1 ? EXIT_USAGE : stack_call(run_by_name, argc, argv);
}
