/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the parsed request to the exit status, for nsctl enter and nsenter. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "cmd/deadline.h"
#include "cmd/enter_options.h"
#include "cmd/memlock.h"
#include "cmd/program_status.h"
#include "enter/act.h"
#include "enter/hints.h"

static void warn(const struct invocation *invocation, const char *hint, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void warn(const struct invocation *invocation, const char *hint, const char *format, ...)
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
	command_report(invocation, &warning, 0);
}

/* Whether the program will be in a cgroup namespace, and outside of its root. */
static bool is_outside_cgroup_ns(const struct plan *plan)
{
	AUTO_FREE char *own = NULL;
	AUTO_FREE char *of_process = NULL;

	return plan_enters(plan, NS_CGROUP) && plan->cgroups.count == 0 && plan->process.dir_fd >= 0 &&
	       file_load_at(AT_FDCWD, "/proc/self/cgroup", CGROUP_FILE_LIMIT, &own) >= 0 &&
	       file_load_at(plan->process.dir_fd, "cgroup", CGROUP_FILE_LIMIT, &of_process) >= 0 &&
	       strcmp(own, of_process) != 0;
}

/* These surprises are no mistakes: scripts must not see the warnings. */
static void warn_people(const struct plan *plan, const struct invocation *invocation)
{
	if (!isatty(STDERR_FILENO))
		return;
	if (plan->mounts.net_mismatch && plan->process.dir_fd >= 0)
		warn(invocation, "use --mount-sys, and --dns for the target's resolv.conf and hosts",
		     "/sys and /etc/resolv.conf are the caller's, not those of the net namespace");
	else if (plan->mounts.net_mismatch)
		warn(invocation, "use --mount-sys", "/sys is the caller's, not that of the net namespace");
	if (plan->terminal.has_no_name)
		warn(invocation, "programs that open it by name, as tmux, will not find it",
		     "the target has no devpts that can be used: the terminal has no name inside");
	if (is_outside_cgroup_ns(plan))
		warn(invocation, "use -c to join the target's",
		     "the program stays in the caller's cgroup, outside of the cgroup namespace");
}

/* Whether there may be a warning. */
static bool has_surprises(const struct enter_request *request, const struct plan *plan)
{
	return !request->as_nsenter &&
	       (plan->mounts.proc_mismatch || plan->environment.is_damaged || plan->mounts.skipped_name ||
		plan->missing.count > 0 || isatty(STDERR_FILENO));
}

static void warn_of_missing(const struct missing *missing, const struct invocation *invocation)
{
	for (size_t i = 0; i < missing->count && i < MISSING_MAX; i++)
		warn(invocation, NULL, "%s", missing->texts[i]);
	if (missing->count > MISSING_MAX)
		warn(invocation, NULL, "%zu more properties are missing", missing->count - MISSING_MAX);
}

static void warn_of_surprises(const struct plan *plan, const struct invocation *invocation)
{
	if (plan->mounts.proc_mismatch)
		warn(invocation, "use --mount-proc, or -m where the target has mounts of its own",
		     "/proc will show the processes of the caller's pid namespace, not of the one entered");
	if (plan->environment.is_damaged)
		warn(invocation, NULL, "process %d has overwritten its environment: a part of it is missing",
		     plan->process.pid);
	if (plan->mounts.skipped_name)
		warn(invocation, NULL, "%s/%s/%s has no counterpart in /etc, and is left out",
		     MOUNTS_NETNS_DIRECTORY, plan->mounts.netns_name, plan->mounts.skipped_name);
	warn_of_missing(&plan->missing, invocation);
	warn_people(plan, invocation);
}

/* The deadline must not end the program. */
static int lift(struct deadline *deadline, struct error *err)
{
	int ret = deadline_clear(deadline);

	return ret < 0 ? error_set_errno(err, -ret, "cannot lift the deadline") : 0;
}

/* Writing may take any time: a terminal can be stopped. */
static int warn_without_deadline(const struct invocation *invocation, const struct plan *plan,
				 struct deadline *deadline, struct error *err)
{
	int ret = lift(deadline, err);

	if (ret < 0)
		return ret;
	warn_of_surprises(plan, invocation);
	deadline_set(deadline);
	return 0;
}

int enter_run(const struct invocation *invocation, const struct enter_request *request, struct error *err)
{
	AUTO_PLAN struct plan plan;
	struct deadline deadline = {0};
	struct rlimit memlock;
	bool is_raised;
	bool exec_failed;
	int status;
	int ret;

	deadline_set(&deadline);
	is_raised = memlock_raise(&memlock); /* to find the target */
	ret = plan_make(request, &plan, err);
	if (ret == 0 && is_raised)
		ret = memlock_restore(&memlock, err);
	if (ret == 0 && has_surprises(request, &plan))
		ret = warn_without_deadline(invocation, &plan, &deadline, err);
	if (ret == 0)
		ret = act_enter(&plan, err);
	if (ret == 0)
		ret = lift(&deadline, err);
	if (ret < 0)
		return ret;
	ret = act_run(&plan, &status, &exec_failed, err);
	if (ret == 0)
		return program_exit_status(status, request->as_nsenter);
	if (!exec_failed)
		return ret;
	if (!request->as_nsenter)
		hints_at_program(request, &plan, err);
	return command_report(invocation, err, program_refused_status(err->number));
}
