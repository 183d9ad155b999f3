/* From the request to the exit status: what nsctl enter and nsenter share once the words are read. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "cmd/cmd.h"
#include "cmd/deadline.h"
#include "cmd/enter_options.h"
#include "cmd/memlock.h"
#include "enter/act.h"
#include "enter/hints.h"

static void warn(char **argv, const char *hint, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void warn(char **argv, const char *hint, const char *format, ...)
{
	char message[512];
	struct error warning;
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	error_set(&warning, 0, "warning: %s", message);
	if (hint)
		error_hint(&warning, "%s", hint);
	error_print(&warning, argv[0]);
}

/* Whether the program will be in a cgroup namespace, and outside of its root. */
static bool is_outside_cgroup_ns(const struct enter_request *request, const struct plan *plan)
{
	AUTO_FREE char *own = NULL;
	AUTO_FREE char *of_process = NULL;

	return plan->types & (1U << NS_CGROUP) && !request->join_cgroup && plan->process.dir_fd >= 0 &&
	       file_load_at(AT_FDCWD, "/proc/self/cgroup", CGROUP_FILE_LIMIT, &own) >= 0 &&
	       file_load_at(plan->process.dir_fd, "cgroup", CGROUP_FILE_LIMIT, &of_process) >= 0 &&
	       strcmp(own, of_process) != 0;
}

/* What is nobody's mistake, and would be in the way of scripts: said to people only. */
static void warn_people(const struct enter_request *request, const struct plan *plan, char **argv)
{
	if (!isatty(STDERR_FILENO))
		return;
	if (plan->net_will_lie && plan->process.dir_fd >= 0)
		warn(argv, "use --mount-sys, and --dns for the target's resolv.conf and hosts",
		     "/sys and /etc/resolv.conf are of this side, not of the net namespace");
	else if (plan->net_will_lie)
		warn(argv, "use --mount-sys", "/sys is of this side, not of the net namespace");
	if (is_outside_cgroup_ns(request, plan))
		warn(argv, "use -c to join the target's",
		     "the program stays in the caller's cgroup, outside of the cgroup namespace");
}

static void warn_of_surprises(const struct enter_request *request, const struct plan *plan, char **argv)
{
	if (request->as_nsenter)
		return;
	if (plan->proc_will_lie)
		warn(argv, "use --mount-proc, or -m where the target has mounts of its own",
		     "/proc will show the processes of this side, not those of the pid namespace");
	if (plan->environment_is_damaged)
		warn(argv, NULL, "process %d has written over its environment: not all of it is left",
		     plan->process.pid);
	if (plan->mounts.skipped_name)
		warn(argv, NULL, "%s/%s/%s has no counterpart in /etc, and is left out",
		     MOUNTS_NETNS_DIRECTORY, plan->mounts.netns_name, plan->mounts.skipped_name);
	warn_people(request, plan, argv);
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

/* It is not for the program. */
static int lift(struct deadline *deadline, struct error *err)
{
	int ret = deadline_clear(deadline);

	return ret < 0 ? error_set_errno(err, -ret, "cannot lift the deadline") : 0;
}

int enter_run(const struct enter_request *request, char **argv)
{
	int failed = request->as_nsenter ? EXIT_NO : EXIT_ENTER_FAILED;
	AUTO_PLAN struct plan plan;
	struct deadline deadline;
	struct rlimit memlock;
	struct error err;
	bool exec_failed;
	int status;

	deadline_set(&deadline);
	memlock_raise(&memlock); /* to find the target */
	if (plan_make(request, &plan, &err) < 0 || memlock_restore(&memlock, &err) < 0)
		return cmd_fail(argv, &err, failed);
	take_shell_as_path(request, &plan);
	allow_other_tree(request, &plan);
	warn_of_surprises(request, &plan, argv);
	if (act_enter(&plan, &err) < 0 || lift(&deadline, &err) < 0)
		return cmd_fail(argv, &err, failed);
	if (act_run(&plan, &status, &exec_failed, &err) == 0)
		return to_exit_status(request, status);
	if (!exec_failed)
		return cmd_fail(argv, &err, failed);
	if (!request->as_nsenter)
		hints_at_program(request, &plan, &err);
	return cmd_fail(argv, &err, err.number == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE);
}
