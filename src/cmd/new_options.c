/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/new_options.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "cmd/new_map_options.h"
#include "cmd/values.h"

static int take_type(void *data, int type, const char *value, struct error *err)
{
	struct new_options *options = data;

	options->request.types |= 1U << type;
	options->last_type = type;
	if (value && !value[0] && !options->request.as_unshare)
		return error_set(err, EINVAL, "the FILE for the %s namespace is empty", ns_type_name(type));
	if (value)
		options->request.files[type] = value;
	return 0;
}

/* --net=up and --net=pasta are no files: those are written ./up. */
static int take_net(void *data, const char *value, struct error *err)
{
	struct new_options *options = data;
	bool is_file = options->request.as_unshare || !value;

	if (is_file || (strcmp(value, "up") != 0 && strcmp(value, "pasta") != 0))
		return take_type(data, NS_NET, value, err);
	options->request.network = strcmp(value, "up") == 0 ? NETWORK_UP : NETWORK_PASTA;
	return take_type(data, NS_NET, NULL, err);
}

/* -n=FILE: the letters of unshare(1) take no value, so that -Urn is three options. */
int new_options_take_equals(void *data, const char *value, struct error *err)
{
	struct new_options *options = data;

	if (options->request.types == 0) {
		error_set(err, EINVAL, "'=%.256s' stands behind no namespace option", value);
		return error_hint(err, "a FILE is given as -n=FILE or --net=FILE");
	}
	return options->last_type == NS_NET ? take_net(data, value, err)
					    : take_type(data, (int)options->last_type, value, err);
}

/* An option that works only in new namespaces of these types. */
static void need_types(struct new_options *options, ns_type_set types)
{
	options->request.types |= types;
}

static int take_proc(void *data, const char *value, struct error *err)
{
	struct new_options *options = data;

	(void)err;
	need_types(options, 1U << NS_MNT);
	options->request.proc_point = value ? value : "/proc";
	return 0;
}

/* Without a place of its own it is mounted on that of proc, which has to be this namespace's. */
static void use_default_binfmt(struct create_request *request)
{
	if (!request->proc_point)
		request->proc_point = "/proc";
	request->binfmt_point = "/proc/sys/fs/binfmt_misc";
}

static int take_binfmt(void *data, const char *value, struct error *err)
{
	struct new_options *options = data;

	(void)err;
	need_types(options, 1U << NS_MNT | 1U << NS_USER);
	if (value)
		options->request.binfmt_point = value;
	else
		use_default_binfmt(&options->request);
	return 0;
}

static int take_interpreter(void *data, const char *value, struct error *err)
{
	struct new_options *options = data;

	(void)err;
	need_types(options, 1U << NS_MNT | 1U << NS_USER);
	if (!options->request.binfmt_point)
		use_default_binfmt(&options->request);
	options->request.binfmt_definition = value;
	return 0;
}

static int take_propagation(void *data, const char *value, struct error *err)
{
	static const struct {
		const char *name;
		unsigned long flags;
	} choices[] = {{"private", MS_REC | MS_PRIVATE},
		       {"shared", MS_REC | MS_SHARED},
		       {"slave", MS_REC | MS_SLAVE},
		       {"unchanged", 0}};
	struct new_options *options = data;

	for (size_t i = 0; i < sizeof(choices) / sizeof(choices[0]); i++) {
		if (strcmp(value, choices[i].name) == 0) {
			options->request.propagation = choices[i].flags;
			return 0;
		}
	}
	error_set(err, EINVAL, "unsupported propagation mode: %.256s", value);
	return error_hint(err, "the modes are private, shared, slave and unchanged");
}

static int take_kill_child(void *data, const char *value, struct error *err)
{
	struct new_options *options = data;

	options->request.fork = true;
	options->request.child_signal = SIGKILL;
	return value ? value_parse_signal(value, &options->request.child_signal, err) : 0;
}

static int take_forward_signals(void *data, const char *value, struct error *err)
{
	struct new_options *options = data;

	(void)value;
	(void)err;
	options->request.fork = true;
	options->forwards = true;
	return 0;
}

static int take_uid(void *data, const char *value, struct error *err)
{
	struct new_options *options = data;

	options->request.set_uid = true;
	if (value_parse_user(value, &options->request.uid, err) == 0)
		return 0;
	return error_set(err, EINVAL, "failed to parse uid: '%.256s'", value);
}

static int take_gid(void *data, const char *value, struct error *err)
{
	struct new_options *options = data;

	options->request.set_gid = true;
	if (value_parse_group(value, &options->request.gid, err) == 0)
		return 0;
	return error_set(err, EINVAL, "failed to parse gid: '%.256s'", value);
}

static int take_clock(struct clock_choice *choice, const char *name, const char *value, struct error *err)
{
	choice->is_set = true;
	if (value_parse_signed(value, &choice->offset_sec, err) == 0)
		return 0;
	return error_wrap(err, "failed to parse %s offset", name);
}

static int take_monotonic(void *data, const char *value, struct error *err)
{
	struct new_options *options = data;

	return take_clock(&options->request.monotonic, "monotonic", value, err);
}

static int take_boottime(void *data, const char *value, struct error *err)
{
	struct new_options *options = data;

	return take_clock(&options->request.boottime, "boottime", value, err);
}

static int take_host_name(void *data, const char *value, struct error *err)
{
	struct new_options *options = data;

	(void)err;
	need_types(options, 1U << NS_UTS);
	options->request.host_name = value;
	return 0;
}

static int take_init(void *data, const char *value, struct error *err)
{
	struct new_options *options = data;

	(void)value;
	(void)err;
	need_types(options, 1U << NS_PID);
	options->request.is_init = true;
	return 0;
}

static int take_time_limit(void *data, const char *value, struct error *err)
{
	struct new_options *options = data;

	return value_parse_duration(value, &options->request.limit_sec, err);
}

static int take_rootless(void *data, const char *value, struct error *err)
{
	struct new_options *options = data;

	(void)value;
	(void)err;
	need_types(options, 1U << NS_USER);
	options->request.rootless = true;
	return 0;
}

static int take_status_fd(void *data, const char *value, struct error *err)
{
	struct new_options *options = data;

	if (value_parse_descriptor(value, O_WRONLY, &options->status_fd, err) < 0)
		return error_wrap(err, "--json-status");
	/* The program could write to it as well, and its descendants would hold it open. */
	fcntl(options->status_fd, F_SETFD, FD_CLOEXEC);
	return 0;
}

static int take_wait_fd(void *data, const char *value, struct error *err)
{
	struct new_options *options = data;

	if (value_parse_descriptor(value, O_RDONLY, &options->request.wait_fd, err) == 0)
		return 0;
	return error_wrap(err, "--wait");
}

#define NOTED_IN(field) offsetof(struct new_options, request.field)
#define TYPE(name, letter, help, type)                                                                       \
	{                                                                                                    \
		name, letter, "[=FILE]", help, .letter_alone = true, .take_numbered = take_type,             \
					       .number = (type), .kind = VALUE_FILE                          \
	}

const struct command_option new_unshare_options[] = {
    {.help = "Namespaces; FILE: where it is mounted, so that it lasts"},
    TYPE("mount", 'm', "a mnt namespace", NS_MNT),
    TYPE("uts", 'u', "a uts namespace", NS_UTS),
    TYPE("ipc", 'i', "an ipc namespace", NS_IPC),
    {"net", 'n', "[=FILE]",
     "a net namespace; =up: with the loopback interface up;\n=pasta: with the caller's network, by pasta(1)",
     .letter_alone = true, .take = take_net, .kind = VALUE_FILE, .choices = "up,pasta"},
    TYPE("pid", 'p', "a pid namespace, in which the program is process 1", NS_PID),
    TYPE("user", 'U', "a user namespace", NS_USER),
    TYPE("cgroup", 'C', "a cgroup namespace", NS_CGROUP),
    TYPE("time", 'T', "a time namespace", NS_TIME),
    {.help = "Users and groups of the user namespace"},
    {"map-root-user", 'r', NULL, "the caller becomes root", .take = new_map_take_root},
    {"map-current-user", 'c', NULL, "the caller stays who it is", .take = new_map_take_current},
    {"map-user", 0, "USER", "the caller's user becomes USER", .take = new_map_take_user},
    {"map-group", 0, "GROUP", "the caller's group becomes GROUP", .take = new_map_take_group},
    {"map-users", 0, "RANGE", "INSIDE:OUTSIDE:COUNT, or auto, subids or all",
     .take_numbered = new_map_take_range, .number = ID_USERS, .choices = "auto,subids,all"},
    {"map-groups", 0, "RANGE", "the same for groups", .take_numbered = new_map_take_range,
     .number = ID_GROUPS, .choices = "auto,subids,all"},
    {"map-auto", 0, NULL, "the caller's ids of /etc/subuid and subgid, from 0 on", .take = new_map_take_auto},
    {"map-subids", 0, NULL, "the same ids, each as itself", .take = new_map_take_subids},
    {"owner", 0, "UID:GID", "the user and group that own the user namespace", .take = new_map_take_owner},
    {"setgroups", 0, "allow|deny", "whether setgroups(2) is permitted inside", .take = new_map_take_setgroups,
     .choices = "allow,deny"},
    {.help = "The program's process"},
    {"fork", 'f', NULL, "run the program in a child", .flag = NOTED_IN(fork)},
    {"kill-child", 0, "[=SIGNAL]", "to the program when nsctl dies (KILL); implies -f",
     .take = take_kill_child, .kind = VALUE_SIGNAL},
    {"forward-signals", 0, NULL, "as unshare; new forwards all signals; implies -f",
     .take = take_forward_signals},
    {"setuid", 'S', "USER", "the program's user inside", .take = take_uid},
    {"setgid", 'G', "GROUP", "its group inside, without supplementary groups", .take = take_gid},
    {"keep-caps", 0, NULL, "keep the capabilities that the user namespace gives",
     .flag = NOTED_IN(keep_caps)},
    {"clear-env", 0, NULL, "an empty environment", .flag = NOTED_IN(clear_env)},
    {"whitelist-env", 0, "LIST", "but for these variables", .text = NOTED_IN(kept_variables)},
    {.help = "Its surroundings"},
    {"root", 'R', "DIR", "the root directory", .text = NOTED_IN(root), .kind = VALUE_DIRECTORY},
    {"wd", 'w', "DIR", "the working directory", .text = NOTED_IN(wd), .kind = VALUE_DIRECTORY},
    {"mount-proc", 0, "[=DIR]", "mount proc on DIR (/proc); implies -m", .take = take_proc,
     .kind = VALUE_DIRECTORY},
    {"mount-binfmt", 0, "[=DIR]", "mount binfmt_misc on DIR; implies -m and -U", .take = take_binfmt,
     .kind = VALUE_DIRECTORY},
    {"load-interp", 'l', "DEFINITION", "register an interpreter in binfmt_misc", .take = take_interpreter},
    {"propagation", 0, "MODE", "of mounts: private, shared, slave or unchanged", .take = take_propagation,
     .choices = "private,shared,slave,unchanged"},
    {"monotonic", 0, "SECONDS", "the offset of the monotonic clock, with -T", .take = take_monotonic},
    {"boottime", 0, "SECONDS", "the offset of the boottime clock, with -T", .take = take_boottime},
    {0},
};

const struct command_option new_own_options[] = {
    {.help = "Beyond unshare"},
    {"all", 'a', NULL, "a namespace of each type, with /proc and --rootless", .flag = NOTED_IN(everything)},
    {"like", 0, "TARGET", "of each type in which TARGET has its own", .text = NOTED_IN(like),
     .kind = VALUE_PROCESS},
    {"rootless", 0, NULL, "the best id map that the caller's rights allow", .take = take_rootless},
    {"name", 0, "NAME", "keep the namespaces as keep:NAME, from the start", .text = NOTED_IN(keep_name)},
    {"hostname", 0, "NAME", "the name of the machine; implies -u", .take = take_host_name},
    {"init", 0, NULL, "process 1 is an init, PROGRAM its child; implies -p", .take = take_init},
    {"die-with-parent", 0, NULL, "kill the program when the caller of nsctl dies",
     .flag = NOTED_IN(dies_with_parent)},
    {"time-limit", 0, "DURATION", "end the program after DURATION: 90s, 15m, 2h, 1d",
     .take = take_time_limit},
    {"no-fork", 0, NULL, "with -p: only the program's children are inside", .flag = NOTED_IN(no_fork),
     .excludes = "fork"},
    {"wait", 0, "FD", "start the program when the pipe FD is closed", .take = take_wait_fd},
    {"json-status", 0, "FD", "write to FD what was created, and how it ended", .take = take_status_fd},
    {"dry-run", 0, NULL, "try it, but run no program and leave nothing",
     .flag = offsetof(struct new_options, dry_run)},
    {0},
};

void new_options_prepare(void *data)
{
	struct new_options *options = data;

	options->request.propagation = MS_REC | MS_PRIVATE;
	options->request.wait_fd = -1;
	options->status_fd = -1;
}
