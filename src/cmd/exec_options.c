/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/exec_options.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/text.h"
#include "cmd/enter_options.h"

/* A number is an id, also where a user or group has it as its name (CVE-2026-30892). */
static int take_id(const char *text, const char *what, enum id_choice *choice, uint32_t *id,
		   const char **name, struct error *err)
{
	uint64_t number;

	if (enter_is_id_name(text)) {
		*choice = ID_NAME;
		*name = text;
		return 0;
	}
	/* The largest number means "no id" to the kernel. */
	if (!text_parse_number(text, UINT32_MAX - 1, &number))
		return error_set(err, EINVAL, "--user: '%.256s' is neither the id nor the name of a %s", text,
				 what);
	*choice = ID_NUMBER;
	*id = (uint32_t)number;
	return 0;
}

static int take_user(void *options, const char *value, struct error *err)
{
	struct exec_options *exec = options;
	struct enter_request *request = &exec->request;
	char *group;
	int ret;

	free(exec->user);
	exec->user = strdup(value);
	if (!exec->user)
		return error_set_errno(err, ENOMEM, "cannot read --user");
	group = strchr(exec->user, ':');
	if (group)
		*group++ = '\0';
	request->gid_choice = ID_DEFAULT;
	ret = take_id(exec->user, "user", &request->uid_choice, &request->uid, &request->user_name, err);
	if (ret == 0 && group)
		ret = take_id(group, "group", &request->gid_choice, &request->gid, &request->group_name, err);
	return ret;
}

/* The caller's variable of this name; NULL: there is none. */
static const char *find_of_caller(const char *name)
{
	size_t length = strlen(name);

	for (char **entry = environ; *entry; entry++) {
		if (strncmp(*entry, name, length) == 0 && (*entry)[length] == '=')
			return *entry;
	}
	return NULL;
}

static int take_variable(void *options, const char *value, struct error *err)
{
	struct exec_options *exec = options;
	struct enter_request *request = &exec->request;
	const char *entry = strchr(value, '=') ? value : find_of_caller(value);
	const char **variables;

	if (value[0] == '\0' || value[0] == '=')
		return error_set(err, EINVAL, "--env '%.256s': the variable has no name", value);
	if (!entry)
		return 0;
	variables =
	    array_reserve(exec->variables, &exec->capacity, request->variable_count, sizeof(*variables));
	if (!variables)
		return error_set_errno(err, ENOMEM, "cannot read --env");
	exec->variables = variables;
	variables[request->variable_count++] = entry;
	request->variables = variables;
	return 0;
}

static int take_tty(void *options, const char *value, struct error *err)
{
	struct exec_options *exec = options;

	(void)value;
	(void)err;
	exec->request.terminal = TERMINAL_WANTED;
	return 0;
}

static int take_no_tty(void *options, const char *value, struct error *err)
{
	struct exec_options *exec = options;

	(void)value;
	(void)err;
	exec->request.terminal = TERMINAL_NONE;
	return 0;
}

#define NOTED_IN(field) offsetof(struct exec_options, request.field)

const struct command_option exec_options[] = {
    {"user", 'u', "USER[:GROUP]", "ids, or names in the target's passwd and group files", .take = take_user},
    {"workdir", 'w', "DIR", "the working directory, a path inside", .text = NOTED_IN(wd_inside)},
    {"env", 'e', "VAR[=VALUE]", "set a variable; without a VALUE the caller's", .take = take_variable},
    {"interactive", 'i', NULL, "pass standard input; otherwise it is empty", .flag = NOTED_IN(keep_stdin)},
    {"tty", 't', NULL, "a pseudo-terminal; the default on a terminal", .take = take_tty,
     .excludes = "detach"},
    {"no-tty", 'T', NULL, "none", .take = take_no_tty, .excludes = "tty"},
    {"detach", 'd', NULL, "return once the program was executed", .flag = NOTED_IN(detach),
     .excludes = "interactive"},
    {"privileged", 0, NULL, "all capabilities, no seccomp filter, no security label",
     .flag = NOTED_IN(privileged)},
    {"copy-seccomp", 0, NULL, "stop a process without a configuration for a moment,\nto copy its filters",
     .flag = NOTED_IN(copy_seccomp)},
    {"permit-missing", 0, NULL, "run without the properties that cannot be had,\nwith a warning for each",
     .flag = NOTED_IN(permit_missing)},
    {0},
};

void exec_options_prepare(void *options)
{
	struct exec_options *exec = options;
	struct enter_request *request = &exec->request;

	request->confined = true;
	request->everything = true;
	request->join_cgroup = true;
	request->follow_context = true;
	request->net_socket = -1;
	request->terminal = TERMINAL_AUTO;
	request->child_signal = SIGKILL;
}

void exec_options_free(struct exec_options *options)
{
	free(options->user);
	free(options->variables);
	options->user = NULL;
	options->variables = NULL;
}
