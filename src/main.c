/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nsctl: see every namespace of this machine, and step into any of them.
 *
 * A map of the source.  A folder depends only on those above it here.
 *
 *   base/       knows nothing of namespaces
 *     cleanup.h    descriptors and memory that go away with their variable
 *     array        arrays that grow
 *     child        children that are waited for
 *     bounded      processes that share work which may block forever
 *     bounded_file files of a hostile tree, read in a helper
 *     stack        a stack for callers whose limit is too low
 *     map          from numbers to indexes
 *     error        one error: what, which object, why, what would help
 *     file         small files, whole and bounded; files of a hostile tree
 *     numbers      the numbers in a directory of procfs
 *     text         hostile text made safe; strict numbers; the nearest word
 *     path         which path is below another, as text
 *     kernel_release  that of the running kernel
 *   run/        a program in a child
 *     supervise    the process that stays: signals in, exit status out
 *     supervised_child   its child until that executes the program
 *     clone_into   a child that starts in another cgroup
 *     relay        copies between the caller's terminal and that of the program
 *     pipes        copies between the caller's standard streams and pipes of the program
 *     copy_buffer  what both need
 *     caller_terminal  its modes: raw, and restored
 *     signals      as a new program expects them
 *     own_files    what nsctl has open, and the program must not find
 *     time_limit   until when a process waits
 *   ns/         what a namespace is
 *     type         the eight types, the ten links of /proc/PID/ns
 *     ns           one namespace: opened, identified, its owner and parent
 *     trial        whether the caller may create one, tried
 *     netnsid      the numbers that the network has for net namespaces
 *     uapi.h       what newer kernels have and older headers do not
 *   proc/       processes
 *     process      one process or thread, held by pidfd and directory
 *     answers      whether reading it blocks
 *     status       its status, names and id maps
 *     settings settings_process limits   how its programs run, and with which limits
 *     missing      what of that cannot be had
 *     capability_names   CAP_CHOWN and the others
 *     signals      which signal would end it
 *     mountinfo    the mounts that it sees
 *     place        a directory and the mount that it is on
 *     procfs       the pid namespace that /proc was mounted for
 *     capabilities the caller's own
 *     cgroup       the cgroup of a process
 *     cgroup_directory  the directories of its cgroups, as they are mounted here
 *     cgroup_resources  the limits and the usage of one cgroup
 *     cgroup_tree  all cgroups, and the processes in one
 *     socket       the net namespace of one of its sockets
 *     privileges   what it may gain when it executes a program
 *     fields       splits the lines of passwd and group
 *     passwd       /etc/passwd of any tree, read as data
 *     groups       /etc/group, the same way
 *     user_names   the names of this system's users
 *     id_kind      what differs between users and groups
 *     subid        /etc/subuid and /etc/subgid, and newuidmap
 *     restrictions what keeps this caller from creating namespaces
 *     exe_file     the file that /proc/PID/exe leads to, replaced
 *     call_list    system calls while the program's code is not mapped
 *   container/  what a runtime made and named
 *     container    one of them, its first process, its configuration
 *     containers   those that were read
 *     containers_cgroup   from a cgroup to its container
 *     runtime.h    what a runtime is; only container/ uses it
 *     runtimes     the table of runtimes, and what several of them share:
 *     docker podman containerd crio runc crun lxc incus nspawn flatpak bubblewrap   one each
 *     oci_state    the state files of runc and crun, which run those of others
 *     state_file   files that nobody else could have put there
 *     search       from what the user typed to containers
 *     parents      containers that only a parent process names
 *     oci oci_json the OCI configuration, read into settings
 *     oci_seccomp    its seccomp filter, read into a policy
 *     oci_policy oci_bpf   a policy, compiled: by libseccomp, or faster
 *     oci_segments the same, by the numbers of one architecture
 *     oci_enosys     system calls that are newer than the filter
 *     unit         the systemd unit of a cgroup
 *     users        the users that may have containers of their own
 *     json_skim    single members of a JSON text
 *   keep/       names that hold namespaces
 *     keep           what callers need of it:
 *     name             which names there can be
 *     make drop open list   a new name, its end, what it holds, all of them
 *     of_process       which namespaces of a process are kept
 *     unknown          what is said of a name that is not kept
 *     base_directory the directories that have the names
 *     hidden         names that are being made or removed, and what dead ones left
 *     pin            a namespace mounted on a file
 *     record         what a name holds, as a text that proves it
 *     ip_netns       the same name for ip-netns(8)
 *     shared_mount   a directory that is a shared mount of itself
 *     lock           a lock that is not waited for forever
 *   bpf/        asking the kernel's own structures
 *     *.bpf.c      the programs that run in the kernel
 *     kernel.h     what they reach the kernel by
 *     fields.h     the fields of its structures that they read
 *     record.h     what they emit
 *     walk.h       what the programs that walk lists emit
 *     btf_data     the kernel's types, read
 *     btf          where the fields lie in the running kernel
 *     call         bpf(2), and maps
 *     program      a program fitted to the kernel, and loaded
 *     iterator     one that runs for every object, and the file of what it emits
 *     walk_layout  where the kernel's lists lie
 *     walker       a program that walks a list, run to its end
 *   snapshot/   what one scan found; immutable afterwards
 *     snapshot     namespaces, sets, tasks, holders, and how to find them
 *     sink         the records that the sources emit; taking them into a snapshot
 *     build        adding to it
 *     finish       sorting and counting it
 *     details      what only a task that is shown needs
 *     unanswered   what blocked the helpers that asked for it
 *   scan/       finding it
 *     scan         what was asked for, source by source, into a sink:
 *     engine         BPF or procfs
 *     tasks_bpf      tasks from a BPF iterator
 *     files_bpf      open files and sockets from another
 *     records        reading what an iterator emits
 *     record_ns      what it emits about a namespace
 *     kernel_lists   the kernel's own lists of namespaces
 *     kernel_mounts  the kernel's own list of their mounts
 *     tasks_procfs   tasks from /proc, read by several helpers
 *     procfs_task    one process
 *     procfs_found   what was found of it, from the helper to the sink
 *     files          with it, its open files and sockets
 *     listns         what system calls list, without BPF
 *     mounts         bind mounts, in every mnt namespace
 *     mounts_of      in one
 *     relations      owners, parents, ids
 *     details      the details of the tasks that are shown
 *     task_details   the details of one task, read in a helper
 *     task_containers  its container and its systemd unit
 *     inside_users   the names that users have inside
 *     open_ns      a namespace of a snapshot, opened by whatever holds it
 *     descendants  or by a namespace below it
 *     open_task    a task of a snapshot, if it is still the same one
 *   target/     what the user points at
 *     parse        from the word to its meaning: looks up only what a bare word may be
 *     kind.h       what a kind of target is: how it is written, opened and found
 *     process number kept container unit word ...  the kinds, one file for those that are alike
 *     members      the processes of a container or a unit
 *     look_up      from its meaning to a process or a namespace, or to what a snapshot has
 *     scan         tasks first, and everything if that was not enough
 *   query/      what is asked of all this
 *     describe     all about one process, or one namespace
 *     describe_container   and of a container: its parts are _cgroup _mounts _addresses
 *     own_cgroups  the cgroups that a container has for itself
 *     compare      the namespaces of several targets side by side
 *     rows         which namespaces and tasks to show, and as which tree
 *     shown_task   which task stands for a namespace
 *     sets         the sets, and which of their namespaces are their own
 *     nsproxy      what to call what the tasks of a set share
 *     why          who holds a namespace
 *     descriptors  what an open file that holds one is
 *     copies       its mounts that are the same in several mnt namespaces
 *     mount_path   whether a mount can be reached by its path
 *     mount_root   the root of a mnt namespace, through a process
 *     place        what is mounted at a path, in every mnt namespace
 *     release      what would release a holder
 *     features     what this kernel and these privileges allow
 *     features_calls  its system calls, tried
 *     features_new    new namespaces
 *     features_bpf    and BPF
 *   unmount/    releasing the mounts that hold a namespace
 *     unmount      all of them, the caller's own first; scanning again until none is left
 *     batch        those in one mnt namespace, by helpers there
 *     mount        one of them, inside its mnt namespace
 *     inside       a mnt namespace that a helper entered; opening and unmounting there
 *     unreachable  a mount that its path does not lead to
 *     tree         the mounts there, and which covers which
 *     covers       what is mounted over it, taken off and put back
 *   enter/      stepping in: the plan opens and decides everything, act does it
 *     request.h    what was asked for
 *     plan         the parts of the plan, each of which plans and applies itself:
 *     namespaces     which namespaces, and from where
 *     configuration  the OCI configuration of a container
 *     given          what the options mean for a target without a process
 *     join           in which order, by which setns(2), and whether it led there
 *     directories    root and working directory
 *     environment    the target's, or the caller's with the variables of the user
 *     label          the SELinux context, the AppArmor profile
 *     cgroups        the target's cgroups
 *     keyring        a new session keyring
 *     credentials    user, groups, capabilities
 *     supplementary    the supplementary groups
 *     confined confined_user confined_environment   a program that runs as the target's own do
 *     capability_sets  its five sets of capabilities
 *     limits           its resource limits
 *     filters filters_copy   its seccomp filters
 *     standard_streams its input and output
 *     unmapped         what works where a user or group does not exist inside
 *     identity         a user or group, from the target's files
 *     confine          no more privileges than the target could gain
 *     program        the program, or a shell
 *     binary         the file of nsctl, out of reach for what runs inside
 *     descriptors    which of the caller's open files are inherited
 *     terminal       a pseudo-terminal of the target's devpts
 *     mounts         mounts for the program alone
 *     instant      what the plan knows of the process, all at one instant
 *     act          the steps that carry the plan out, as tables
 *     hints        what would help where a step failed
 *   create/     new namespaces: the creation decides everything, create carries it out
 *     request.h    what was asked for
 *     creation     what is decided before anything is created
 *     create       carries it out: in this process, in a child, or as a trial
 *     steps        its steps, as two tables
 *     in_child     the program's process, and how it is started
 *     program      the last moments before the program
 *     namespaces     unshare(2), and a mnt namespace that can be mounted
 *     clocks network mounts credentials   what is set up for the program
 *     init           the first process of a pid namespace, with the program as its child
 *     outside      the process that stays in the caller's namespaces, as the creator sees it
 *     outside_serve  and what it does
 *     lasting        mounts, names and the network, made and undone
 *     created      the namespaces that were created, opened
 *     id_maps      the id maps of a user namespace: what was asked for, planned, and
 *     id_wishes      its options, parsed
 *     id_ranges      the ranges that it makes
 *     id_maps_write  written, inside or outside
 *     id_program     newuidmap and newgidmap
 *     own_map      what the caller's own user namespace has to map
 *     rootless     the best map that the caller's rights allow
 *     reasons      why the kernel refused, and what would help
 *     util_linux   the words of unshare(1)
 *   table/      tables; knows nothing of namespaces
 *     column.h     what a column is: its name, what it needs, how it is filled
 *     columns cell   the columns of a layout, the value of a cell
 *     table        which columns to show; rows, their order
 *     filter       which rows to show, and what libsmartcols would not refuse
 *     print        on a terminal or for scripts
 *     rows_json json   as JSON, and the parts of the JSON contract
 *     lsns_rows lsns_columns lsns_json   the JSON of lsns, and its list of columns
 *     json_string  any text as a part of a JSON string, for both
 *     lines age quantity   several texts in a cell, spans of time, amounts
 *   cmd/        one file a command
 *     command      what a command is, and the driver that runs them all:
 *     option_set command_help   its options, for getopt_long(3) and for --help
 *     common_options options that many commands have
 *     container_option   --container, and the target beside it
 *     task_columns columns that many commands have
 *     report       the table, and what could not be read
 *     sets list show compare ps why enter exec new keep drop features   and X_columns, the columns of X
 *     lsns nsenter unshare   as util-linux has them
 *     kept_names     the names that a column shows
 *     dropped        what still holds the namespaces of a dropped name
 *     drop_holders   nsctl drop --holders
 *     drop_kept      the names that go with the last namespace that they hold
 *     list_run enter_options exec_options enter_habits enter_run   what they share with util-linux's
 *     new_options new_map_options new_run   what new shares with unshare
 *     new_status     what nsctl new writes for programs
 *     program_status from what became of a program to the exit status
 *     complete complete_target complete_container   the words that can follow, for the completions of shells
 *     fields reason words   words and lines that descriptions share; words typed for a command
 *     values       values of options
 *     wrap         text broken between words
 *     streams      the standard streams
 *     deadline     ends work that a hostile process delays
 *     memlock      room for BPF on old kernels
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

#include "base/error.h"
#include "base/stack.h"
#include "cmd/command.h"
#include "cmd/complete.h"
#include "cmd/streams.h"
#include "cmd/words.h"

static const struct command *const commands[] = {
    &command_sets,  &command_list, &command_show, &command_compare, &command_ps,   &command_why,
    &command_enter, &command_exec, &command_new,  &command_keep,    &command_drop, &command_features,
};

#define COMMAND_COUNT (sizeof(commands) / sizeof(commands[0]))

static void print_commands(void)
{
	puts("Usage: nsctl [COMMAND] [OPTION]... [ARGUMENT]...\n"
	     "See the namespaces of this machine, and step into any of them.\n");
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		printf("  %-9s %s\n", commands[i]->name, commands[i]->summary);
	puts("\n"
	     "Without a COMMAND: nsctl sets.  For more see `nsctl help COMMAND` and\n"
	     "nsctl(1).  For the letters of its table see `nsctl help sets`.  Called as\n"
	     "nsenter, lsns or unshare, it is that.\n"
	     "\n"
	     " -h, --help     this help\n"
	     " -V, --version  version");
}

static int refuse_command(const char *word)
{
	const char *names[COMMAND_COUNT + 2] = {NULL};
	struct error err;

	for (size_t i = 0; i < COMMAND_COUNT; i++)
		names[i] = commands[i]->name;
	names[COMMAND_COUNT] = "help";
	words_refuse_command(word, names, &err);
	error_print(&err, "nsctl");
	return EXIT_USAGE;
}

static const struct command *find_command(const char *word)
{
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		if (strcmp(word, commands[i]->name) == 0)
			return commands[i];
	}
	return NULL;
}

static int run_command(int argc, char **argv, enum engine engine)
{
	const struct command *command = find_command(argv[0]);
	char name[64];

	if (!command)
		return refuse_command(argv[0]);
	snprintf(name, sizeof(name), "nsctl %s", command->name);
	argv[0] = name;
	return command_run(command, argc, argv, engine);
}

/* An unknown engine in the environment would silently be none.  Returns false after saying so. */
static bool read_engine(const char *program, enum engine *engine)
{
	const char *name = getenv(ENGINE_VARIABLE);
	struct error err;

	*engine = ENGINE_AUTO;
	if (!name || command_check_engine(name, " in " ENGINE_VARIABLE, engine, &err) == 0)
		return true;
	error_print(&err, program);
	return false;
}

static bool is_option(const char *word, const char *short_name, const char *long_name)
{
	return strcmp(word, short_name) == 0 || strcmp(word, long_name) == 0;
}

/* nsctl help COMMAND: what its --help prints. */
static int run_help(int argc, char **argv)
{
	char *help[] = {argv[1], (char[]){"--help"}, NULL};

	if (argc > 1 && strcmp(argv[1], "help") != 0)
		return run_command(2, help, ENGINE_AUTO);
	print_commands();
	return 0;
}

static void complete_command(const char *word)
{
	const struct completion completion = {.word = word};

	for (size_t i = 0; i < COMMAND_COUNT; i++)
		complete_offer(&completion, commands[i]->name, commands[i]->summary);
	complete_offer(&completion, "help", "the help of a command");
}

/* nsctl --complete [WORD]...: the words that the last one can become, for the completions of shells. */
static int complete(const char *const *words, size_t count)
{
	const struct command *command;

	if (count > 0 && words[0][0] == '-') {
		complete_words(&command_sets, words, count);
		return 0;
	}
	if (count < 2 || (count == 2 && strcmp(words[0], "help") == 0)) {
		complete_command(count > 0 ? words[count - 1] : "");
		return 0;
	}
	command = find_command(words[0]);
	if (!command)
		return refuse_command(words[0]);
	complete_words(command, words + 1, count - 1);
	return 0;
}

/*
 * Options without a command are those of sets, which is what nsctl does without
 * one.  A command behind them would be taken for the TARGET of sets.
 */
static int run_without_command(int argc, char **argv, enum engine engine)
{
	struct error err;

	for (int i = 1; i < argc; i++) {
		if (!find_command(argv[i]))
			continue;
		error_set(&err, EINVAL, "'%.256s' stands before the command", argv[1]);
		error_hint(&err, "options go behind it: nsctl %s %.256s", argv[i], argv[1]);
		error_print(&err, "nsctl");
		return EXIT_USAGE;
	}
	argv[0] = (char[]){"nsctl sets"};
	return command_run(&command_sets, argc, argv, engine);
}

static int run_nsctl(int argc, char **argv)
{
	const char *first = argc > 1 ? argv[1] : "";
	enum engine engine;

	if (is_option(first, "-h", "--help") || strcmp(first, "help") == 0)
		return run_help(argc - 1, argv + 1);
	if (is_option(first, "-V", "--version")) {
		puts("nsctl " NSCTL_VERSION);
		return 0;
	}
	if (strcmp(first, "--complete") == 0)
		return complete((const char *const *)argv + 2, (size_t)argc - 2);
	if (!read_engine("nsctl", &engine))
		return EXIT_USAGE;
	if (first[0] == '-' || argc < 2)
		return run_without_command(argc, argv, engine);
	return run_command(argc - 1, argv + 1, engine);
}

/* The other programs that nsctl can be called as. */
static const struct command *const programs[] = {&command_nsenter, &command_lsns, &command_unshare};

static const struct command *find_program(const char *name)
{
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		if (strcmp(name, programs[i]->name) == 0)
			return programs[i];
	}
	return NULL;
}

/*
 * AT_SECURE (getauxval(3)): executing this file gave the caller more than it
 * had, by a set-user-ID bit or file capabilities.  Whoever may enter, and
 * choose the program, could then become root.
 */
static int refuse_privileged_file(int argc, char **argv, const char *program)
{
	bool runs_program =
	    strcmp(program, "nsctl") == 0 && argc > 1 &&
	    (strcmp(argv[1], "enter") == 0 || strcmp(argv[1], "exec") == 0 || strcmp(argv[1], "new") == 0);
	struct error err;

	error_set(&err, EPERM, "refusing to run with privileges that the caller does not have");
	error_hint(&err, "this file must not be set-user-ID or set-group-ID, nor have capabilities "
			 "or a security label of its own");
	error_print(&err, program);
	return runs_program ? EXIT_ENTER_FAILED : EXIT_NO;
}

static int run_by_name(int argc, char **argv)
{
	char *slash = strrchr(argv[0], '/');
	const struct command *program;
	enum engine engine;

	if (slash)
		argv[0] = slash + 1;
	program = find_program(argv[0]);
	if (getauxval(AT_SECURE))
		return refuse_privileged_file(argc, argv, program ? program->name : "nsctl");
	streams_occupy();
	if (!program)
		return streams_finish(run_nsctl(argc, argv), "nsctl", false);
	if (!read_engine(program->name, &engine))
		return EXIT_NO;
	return streams_finish(command_run(program, argc, argv, engine), program->name, true);
}

int main(int argc, char **argv)
{
	return argc < 1 ? EXIT_USAGE : stack_call(run_by_name, argc, argv);
}
