/* The program to run, or the shell where none was named. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bounded_file.h"
#include "base/cleanup.h"
#include "enter/plan.h"
#include "proc/passwd.h"

#define DEFAULT_SHELL "/bin/sh"

/* The shell of the passwd entry, if it is there to run. */
static bool find_shell(const struct plan *plan, struct user *user)
{
	AUTO_CLOSE int root = plan_open_root(plan);
	uid_t uid = plan->credentials.set_uid ? plan->credentials.uid : geteuid();

	if (root < 0 || user_find(root, uid, user) < 0 || user->shell[0] != '/')
		return false;
	return bounded_exists_in_root(root, user->shell);
}

static int plan_shell(const struct enter_request *request, struct plan *plan, struct error *err)
{
	const char *named = request->as_nsenter ? getenv("SHELL") : NULL;
	const char *shell = DEFAULT_SHELL;
	const char *slash;
	struct user user;

	if (named && named[0])
		shell = named;
	else if (find_shell(plan, &user))
		shell = user.shell;
	if ((size_t)snprintf(plan->shell, sizeof(plan->shell), "%s", shell) >= sizeof(plan->shell))
		return error_set(err, ENAMETOOLONG, "the name of the shell, '%.64s…', is too long", shell);
	slash = strrchr(plan->shell, '/');
	/* A leading dash makes it a login shell, as nsenter's is. */
	snprintf(plan->shell_name, sizeof(plan->shell_name), "-%s", slash ? slash + 1 : plan->shell);
	plan->shell_argv[0] = plan->shell_name;
	plan->argv = plan->shell_argv;
	plan->program = plan->shell;
	return 0;
}

int plan_program(const struct enter_request *request, struct plan *plan, struct error *err)
{
	if (!request->argv[0])
		return plan_shell(request, plan, err);
	plan->argv = request->argv;
	plan->program = request->argv[0];
	return 0;
}
