/* From the request to the exit status: what nsctl enter and nsenter share once the words are read. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "cmd/cmd.h"
#include "cmd/enter_options.h"
#include "enter/act.h"

static void warn_of_proc(const struct enter_request *request, const struct plan *plan, char **argv)
{
	struct error warning;

	if (!plan->proc_will_lie || request->as_nsenter)
		return;
	error_set(&warning, 0,
		  "warning: /proc will show the processes of this side, not those of the pid namespace");
	error_hint(&warning, "use --mount-proc, or -m where the target has mounts of its own");
	error_print(&warning, argv[0]);
}

/* nsenter dies of the signal that its program died of; a shell cannot tell them apart. */
static int die_of(int signal)
{
	struct sigaction action = {.sa_handler = SIG_DFL};
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, signal);
	sigaction(signal, &action, NULL); /* fails for SIGKILL, which has no other action */
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(signal);
	return EXIT_NO;
}

static int to_exit_status(const struct enter_request *request, int status)
{
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	return request->as_nsenter ? die_of(WTERMSIG(status)) : EXIT_SIGNAL_BASE + WTERMSIG(status);
}

static void hint_at_program(const struct plan *plan, struct error *err)
{
	if (err->number == ENOENT && plan->program[0] == '/')
		error_hint(err, "it is not in the target's file system, or its interpreter is not");
	else if (err->number == ENOENT)
		error_hint(err, "it is in no directory of PATH on the target's side");
	else if (err->number == E2BIG)
		error_hint(err, "its arguments and environment are longer than the kernel takes");
}

/* nsenter takes SHELL for a path, also without a slash: it is never looked for on PATH. */
static void take_shell_as_path(const struct enter_request *request, struct plan *plan)
{
	char shell[sizeof(plan->shell)];

	if (!request->as_nsenter || request->argv[0] || strchr(plan->shell, '/'))
		return;
	memcpy(shell, plan->shell, sizeof(shell));
	snprintf(plan->shell, sizeof(plan->shell), "./%.*s", (int)sizeof(plan->shell) - 3, shell);
}

/*
 * A working directory in another tree of mounts lies outside the root.  Where the
 * root stays the caller's, it leads nowhere that the program could not go anyway,
 * and nsenter takes it.
 */
static void allow_other_tree(const struct enter_request *request, struct plan *plan)
{
	if (request->as_nsenter && plan->root_fd < 0 && !(plan->types & 1U << NS_MNT))
		plan->wd_checked = false;
}

int enter_run(const struct enter_request *request, char **argv)
{
	int failed = request->as_nsenter ? EXIT_NO : EXIT_ENTER_FAILED;
	AUTO_PLAN struct plan plan;
	struct error err;
	bool exec_failed;
	int status;

	if (plan_make(request, &plan, &err) < 0)
		return cmd_fail(argv, &err, failed);
	take_shell_as_path(request, &plan);
	allow_other_tree(request, &plan);
	warn_of_proc(request, &plan, argv);
	if (act_run(&plan, &status, &exec_failed, &err) == 0)
		return to_exit_status(request, status);
	if (!exec_failed)
		return cmd_fail(argv, &err, failed);
	if (!request->as_nsenter)
		hint_at_program(&plan, &err);
	return cmd_fail(argv, &err, err.number == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE);
}
