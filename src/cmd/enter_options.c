/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/enter_options.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cmd/values.h"
#include "proc/process.h"
#include "target/target.h"

/* -m=FILE, as people write it, is -mFILE and not a file named "=FILE". */
static const char *without_equals(const char *argument)
{
	return argument && argument[0] == '=' ? argument + 1 : argument;
}

static int take_ns_option(void *options, int type, const char *value, struct error *err)
{
	struct enter_options *enter = options;

	(void)err;
	if (value) {
		enter->request.files[type] = without_equals(value);
		enter->has_file = true;
	} else {
		enter->request.wanted |= 1U << type;
	}
	return 0;
}

static void note_directory(struct directory_choice *choice, const char *path)
{
	choice->wanted = true;
	choice->path = without_equals(path);
}

static int take_root(void *options, const char *value, struct error *err)
{
	struct enter_options *enter = options;

	(void)err;
	note_directory(&enter->request.root, value);
	return 0;
}

static int take_wd(void *options, const char *value, struct error *err)
{
	struct enter_options *enter = options;

	(void)err;
	note_directory(&enter->request.wd, value);
	return 0;
}

static int take_wd_inside(void *options, const char *value, struct error *err)
{
	struct enter_options *enter = options;

	(void)err;
	enter->has_wd_inside = true;
	enter->request.wd_inside = without_equals(value);
	return 0;
}

/* As useradd(8), in any script. */
bool enter_is_id_name(const char *text)
{
	if (strchr("+-0123456789", text[0]))
		return false; /* the empty name as well */
	for (; *text; text++) {
		if ((unsigned char)*text <= ' ' || strchr(":,/\x7f", *text))
			return false;
	}
	return true;
}

/* nsenter(1) reads numbers as strtoul(3) does. */
static bool parse_option_number(const struct enter_options *options, const char *text, uint64_t max,
				uint64_t *number)
{
	return options->request.as_nsenter ? text_parse_number_as_strtoul(text, max, number)
					   : text_parse_number(text, max, number);
}

/* PID or PID:INODE, in numbers that only nsenter(1) allows, written as a TARGET is. */
static bool rewrite_pid(const char *text, char *pid, size_t size)
{
	const char *colon = strchr(text, ':');
	char digits[32];
	uint64_t number;
	uint64_t inode = 0;

	if ((size_t)snprintf(digits, sizeof(digits), "%.*s",
			     colon ? (int)(colon - text) : (int)sizeof(digits), text) >= sizeof(digits) ||
	    !text_parse_number_as_strtoul(digits, PROCESS_PID_MAX, &number))
		return false;
	if (colon && !text_parse_number_as_strtoul(colon + 1, UINT64_MAX, &inode))
		return false;
	snprintf(pid, size, colon ? "%ju:%ju" : "%ju", (uintmax_t)number, (uintmax_t)inode);
	return true;
}

/* The last one of several counts; as_nsenter each of them has to be a TARGET. */
static int take_target(void *options, const char *value, struct error *err)
{
	struct enter_options *enter = options;
	struct target target;

	enter->target = value;
	if (!enter->request.as_nsenter)
		return 0;
	if (rewrite_pid(value, enter->pid, sizeof(enter->pid)))
		enter->target = enter->pid;
	return target_parse(enter->target, &target, err);
}

static int take_id(const struct enter_options *options, const char *text, const char *option,
		   enum id_choice *choice, uint32_t *id, const char **name, struct error *err)
{
	uint64_t number;

	if (strcmp(text, "follow") == 0) {
		*choice = ID_FOLLOW;
		return 0;
	}
	if (!options->request.as_nsenter && enter_is_id_name(text)) {
		*choice = ID_NAME;
		*name = text;
		return 0;
	}
	/* The largest number means "no id" to the kernel. */
	if (!parse_option_number(options, text, UINT32_MAX - 1, &number))
		return error_set(err, EINVAL, "%s '%.256s': neither a number%s nor 'follow'", option, text,
				 options->request.as_nsenter ? "" : ", a name");
	*choice = ID_NUMBER;
	*id = (uint32_t)number;
	return 0;
}

static int take_setuid(void *options, const char *value, struct error *err)
{
	struct enter_options *enter = options;

	return take_id(enter, value, "--setuid", &enter->request.uid_choice, &enter->request.uid,
		       &enter->request.user_name, err);
}

static int take_setgid(void *options, const char *value, struct error *err)
{
	struct enter_options *enter = options;

	return take_id(enter, value, "--setgid", &enter->request.gid_choice, &enter->request.gid,
		       &enter->request.group_name, err);
}

static int take_count(const struct enter_options *options, const char *text, const char *option, uint64_t max,
		      uint64_t *number, struct error *err)
{
	if (parse_option_number(options, text, max, number))
		return 0;
	return error_set(err, EINVAL, "%s '%.256s': not a number of descriptors", option, text);
}

static int take_net_socket(void *options, const char *value, struct error *err)
{
	struct enter_options *enter = options;
	uint64_t number;
	int ret = take_count(enter, value, "--net-socket", INT32_MAX, &number, err);

	if (ret == 0)
		enter->request.net_socket = (int)number;
	return ret;
}

static int take_preserve_fds(void *options, const char *value, struct error *err)
{
	struct enter_options *enter = options;
	uint64_t number;
	int ret = take_count(enter, value, "--preserve-fds", 1U << 20, &number, err);

	if (ret == 0)
		enter->request.preserve_fds = (unsigned int)number;
	return ret;
}

static int take_kill_child(void *options, const char *value, struct error *err)
{
	struct enter_options *enter = options;

	return value ? value_parse_signal(value, &enter->request.child_signal, err) : 0;
}

static int take_no_join_cgroup(void *options, const char *value, struct error *err)
{
	struct enter_options *enter = options;

	(void)value;
	(void)err;
	enter->request.join_with_ns = false;
	return 0;
}

static int take_no_pty(void *options, const char *value, struct error *err)
{
	struct enter_options *enter = options;

	(void)value;
	(void)err;
	enter->request.terminal = TERMINAL_NONE;
	return 0;
}

#define NOTED_IN(field) offsetof(struct enter_options, request.field)
#define TYPE(name, letter, help, type)                                                                       \
	{                                                                                                    \
		name, letter, "[=FILE]", help, .take_numbered = take_ns_option, .number = (type),            \
					       .kind = VALUE_FILE                                            \
	}

const struct command_option enter_nsenter_options[] = {
    {.help = "Namespaces"},
    {"all", 'a', NULL, "all of the target's that differ from the caller's", .flag = NOTED_IN(all)},
    {"target", 't', "PID", "the process; PID:INODE only if its pidfd has that inode", .take = take_target,
     .kind = VALUE_PROCESS},
    TYPE("mount", 'm',
	 "the mnt namespace, of the target or from FILE;\nFILE may be :ID, a 64-bit namespace id", NS_MNT),
    TYPE("uts", 'u', "the uts namespace", NS_UTS),
    TYPE("ipc", 'i', "the ipc namespace", NS_IPC),
    TYPE("net", 'n', "the net namespace", NS_NET),
    {"net-socket", 'N', "FD", "the net namespace of the target's socket FD", .take = take_net_socket},
    TYPE("pid", 'p', "the pid namespace", NS_PID),
    TYPE("user", 'U', "the user namespace", NS_USER),
    {"user-parent", 0, NULL, "the parent of the user namespace", .flag = NOTED_IN(user_parent)},
    TYPE("cgroup", 'C', "the cgroup namespace", NS_CGROUP),
    TYPE("time", 'T', "the time namespace", NS_TIME),
    {.help = "User and privileges of the program"},
    {"setuid", 'S', "USER",
     "id or name in the target's passwd file, or 'follow': the\ntarget's user and groups, and no more "
     "privileges",
     .take = take_setuid, .choices = "follow"},
    {"setgid", 'G', "GROUP",
     "id or name in the target's group file, or 'follow': the\ntarget's group, and all its groups",
     .take = take_setgid, .choices = "follow"},
    {"preserve-credentials", 0, NULL, "keep user and groups as they are",
     .flag = NOTED_IN(preserve_credentials)},
    {"keep-caps", 0, NULL, "keep the capabilities that the user namespace gives",
     .flag = NOTED_IN(keep_caps)},
    {"follow-context", 'Z', NULL, "the target's SELinux context", .flag = NOTED_IN(follow_context)},
    {.help = "Its surroundings"},
    {"root", 'r', "[=DIR]", "the target's root directory, or DIR", .take = take_root,
     .kind = VALUE_DIRECTORY},
    {"wd", 'w', "[=DIR]", "the target's working directory, or DIR", .take = take_wd, .kind = VALUE_DIRECTORY,
     .excludes = "wdns"},
    {"wdns", 'W', "[=DIR]", "the working directory DIR, a path inside", .take = take_wd_inside,
     .kind = VALUE_DIRECTORY},
    {"env", 'e', NULL, "the target's environment", .flag = NOTED_IN(environment)},
    {"join-cgroup", 'c', NULL, "the target's cgroups", .flag = NOTED_IN(join_cgroup)},
    {"no-fork", 'F', NULL, "do not fork to get into the pid namespace", .flag = NOTED_IN(no_fork)},
    {0},
};

const struct command_option enter_own_options[] = {
    {.help = "Beyond nsenter"},
    {"init-groups", 0, NULL, "all groups that the target's group file gives the user",
     .flag = NOTED_IN(init_groups), .excludes = "preserve-credentials"},
    {"mount-proc", 0, NULL, "a /proc of the pid namespace, seen by the program alone",
     .flag = NOTED_IN(mount_proc), .excludes = "no-fork"},
    {"mount-sys", 0, NULL, "a /sys of the net namespace, seen by the program alone",
     .flag = NOTED_IN(mount_sys)},
    {"dns", 0, NULL, "the target's resolv.conf and hosts, if /etc is shared", .flag = NOTED_IN(dns)},
    {"preserve-fds", 0, "N", "keep descriptors 3 to N+2 open; all others are closed",
     .take = take_preserve_fds},
    {"kill-child", 0, "[=SIGNAL]", "sent to the program when nsctl is killed (KILL)", .take = take_kill_child,
     .kind = VALUE_SIGNAL},
    {"caller-env", 0, NULL, "the caller's environment in a container, too",
     .flag = NOTED_IN(caller_environment), .excludes = "env"},
    {"no-join-cgroup", 0, NULL, "stay in the caller's cgroups, in any case", .take = take_no_join_cgroup},
    {"no-pty", 0, NULL, "the caller's own terminal, not a pseudo-terminal inside", .take = take_no_pty},
    {0},
};

void enter_options_prepare(void *options)
{
	struct enter_options *enter = options;

	enter->request.net_socket = -1;
	enter->request.child_signal = SIGKILL;
	enter->request.terminal = TERMINAL_AUTO;
	enter->request.join_with_ns = true;
}

bool enter_options_have_type(const struct enter_options *options)
{
	const struct enter_request *request = &options->request;

	return request->all || request->user_parent || request->net_socket >= 0 || request->wanted != 0 ||
	       options->has_file;
}
