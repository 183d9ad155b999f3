/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "enter/program.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bounded_file.h"
#include "base/cleanup.h"
#include "enter/plan.h"
#include "proc/passwd.h"

#define DEFAULT_SHELL "/bin/sh"

/* Finds the user's passwd entry; false without one, or where its shell does not exist. */
static bool find_shell(const struct plan *plan, struct user *user)
{
	AUTO_CLOSE int root = directories_open_root(plan);
	uid_t uid = plan->credentials.set_uid ? plan->credentials.uid : geteuid();

	if (root < 0 || user_find(root, uid, user) < 0 || user->shell[0] != '/')
		return false;
	return bounded_exists_in_root(root, user->shell);
}

/* SHELL is a path for nsenter, also without a slash: it is not looked up in PATH. */
static int plan_shell(const struct enter_request *request, struct plan *plan, struct error *err)
{
	const char *named = request->shell;
	struct program *program = &plan->program;
	const char *shell = DEFAULT_SHELL;
	const char *directory = "";
	const char *slash;
	struct user user;

	if (named && named[0])
		shell = named;
	else if (find_shell(plan, &user))
		shell = user.shell;
	slash = strrchr(shell, '/');
	if (!slash)
		directory = "./";
	if ((size_t)snprintf(program->shell, sizeof(program->shell), "%s%s", directory, shell) >=
	    sizeof(program->shell))
		return error_set(err, ENAMETOOLONG, "the name of the shell, '%.64s…', is too long", shell);
	/* A leading dash makes it a login shell, as with nsenter. */
	snprintf(program->shell_name, sizeof(program->shell_name), "-%s", slash ? slash + 1 : shell);
	program->shell_argv[0] = program->shell_name;
	program->argv = program->shell_argv;
	program->path = program->shell;
	return 0;
}

int program_plan(const struct enter_request *request, struct plan *plan, struct error *err)
{
	if (!request->argv[0])
		return plan_shell(request, plan, err);
	plan->program.argv = request->argv;
	plan->program.path = request->argv[0];
	return 0;
}

int program_apply(const struct plan *plan, struct error *err)
{
	execvp(plan->program.path, plan->program.argv);
	return error_set_errno(err, errno, "cannot execute '%.400s'", plan->program.path);
}
