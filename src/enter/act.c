/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "enter/act.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "enter/hints.h"
#include "enter/keyring.h"
#include "enter/plan.h"
#include "run/signals.h"

/* Where a step fails without setting err, its name is the message: "cannot NAME: reason". */
struct step {
	const char *name;
	apply_fn *apply;
};

/*
 * Until exec no process inside may trace this one or read its memory and
 * descriptors through /proc (CVE-2016-9962).  A change of credentials resets
 * the flag to fs.suid_dumpable (prctl(2)), so this step comes twice.
 */
static int forbid_tracing(const struct plan *plan, struct error *err)
{
	(void)plan;
	(void)err;
	return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 ? -errno : 0;
}

/* After the credentials: changing them clears the signal (prctl(2)). */
static int follow_nsctl(const struct plan *plan, struct error *err)
{
	return plan->supervisor.wanted ? supervisor_follow_parent(&plan->supervisor, err) : 0;
}

static int restore_signals(const struct plan *plan, struct error *err)
{
	(void)err;
	return plan->supervisor.wanted ? supervisor_restore_signals(&plan->supervisor) : 0;
}

/* A container's programs do not inherit what its callers ignore or block. */
static int reset_signals(const struct plan *plan, struct error *err)
{
	(void)plan;
	(void)err;
	signals_reset();
	return 0;
}

/* Like the container's other programs; also, a terminal of the caller's cannot be its controlling one. */
static int start_session(const struct plan *plan, struct error *err)
{
	if (plan->terminal.wanted)
		return terminal_attach(plan, err);
	return setsid() < 0 ? -errno : 0;
}

/*
 * With a child nsctl itself stays outside the cgroups: their limits, and being frozen with
 * them, are the program's alone.  But the kernel may refuse to move a process across the
 * boundary of its cgroup namespace ("nsdelegate", cgroups(7)).  A confined program whose
 * namespace cannot be entered afterwards joins by descriptors opened outside, whose cgroup
 * namespace counts (Linux 5.16, and stable releases of 5.10 and 5.15).
 */
static bool joins_in_child(const struct plan *plan)
{
	return plan->supervisor.wanted &&
	       (plan->is_confined || plan->join.cgroup_in_child || !plan_enters(plan, NS_CGROUP));
}

static int join_cgroups_before(const struct plan *plan, struct error *err)
{
	return joins_in_child(plan) ? 0 : cgroups_apply(plan, err);
}

static int join_cgroups_in_child(const struct plan *plan, struct error *err)
{
	return joins_in_child(plan) ? cgroups_apply(plan, err) : 0;
}

static const struct step entering[] = {
    {"hide the file of nsctl", binary_hide},
    {"close the caller's descriptors", descriptors_apply},
    {"give the terminal to the program's user", terminal_give},
    {"set the label", label_apply},
    {"join the cgroups", join_cgroups_before},
    {"forbid tracing", forbid_tracing},
    {"drop the supplementary groups", credentials_drop_groups},
    {"enter the namespaces", join_apply},
    {"change the directories", directories_apply},
    {"hide the file of nsctl", binary_hide_inside},
    {0},
};

/* In the process that becomes the program. */
static const struct step running[] = {
    {"join the cgroups", join_cgroups_in_child},
    {"enter the cgroup namespace", join_apply_in_child},
    {"join a session keyring", keyring_apply},
    {"mount what the program alone sees", mounts_apply},
    {"attach the terminal", terminal_attach},
    {"change the credentials", credentials_apply},
    {"forbid tracing", forbid_tracing},
    {"tie the program's life to nsctl's", follow_nsctl},
    {"restore the signals", restore_signals},
    {"set the environment", environment_apply},
    {"close the descriptors", descriptors_close},
    {"execute the program", program_apply},
    {0},
};

/* The same for a confined program. */
static const struct step entering_confined[] = {
    {"hide the file of nsctl", binary_hide},
    {"close the caller's descriptors", descriptors_apply},
    {"give the terminal to the program's user", terminal_give},
    {"set the label", label_apply},
    {"set the limits", limits_prepare},
    {"forbid tracing", forbid_tracing},
    {"drop the supplementary groups", credentials_drop_groups},
    {"enter the namespaces", join_apply},
    {"change the directories", directories_apply},
    {"hide the file of nsctl", binary_hide_inside},
    {0},
};

/* Behind the filters nothing but execve(2) is called: they need not allow any of the rest. */
static const struct step running_confined[] = {
    {"join the cgroups", join_cgroups_in_child},
    {"enter the cgroup namespace", join_apply_in_child},
    {"join a session keyring", keyring_apply},
    {"start a session", start_session},
    {"connect the standard streams", standard_streams_apply},
    {"set the limits", limits_apply},
    {"change the credentials", capability_sets_apply},
    {"forbid tracing", forbid_tracing},
    {"tie the program's life to nsctl's", follow_nsctl},
    {"reset the signals", reset_signals},
    {"set the environment", environment_apply},
    {"close the descriptors", descriptors_close},
    {"load the seccomp filters", filters_apply},
    {"execute the program", program_apply},
    {0},
};

/* Stores the step that failed, or NULL.  Returns 0 or a negative errno. */
static int apply_steps(const struct step *steps, const struct plan *plan, const struct step **failed,
		       struct error *err)
{
	for (*failed = steps; (*failed)->apply; (*failed)++) {
		int ret;

		err->number = 0;
		err->message[0] = '\0';
		ret = (*failed)->apply(plan, err);
		if (ret < 0 && !err->message[0])
			return error_set_errno(err, -ret, "cannot %s", (*failed)->name);
		if (ret < 0)
			return ret;
	}
	*failed = NULL;
	return 0;
}

int act_enter(const struct plan *plan, struct error *err)
{
	const struct step *failed;

	return apply_steps(plan->is_confined ? entering_confined : entering, plan, &failed, err);
}

static const struct step *running_steps(const struct plan *plan)
{
	return plan->is_confined ? running_confined : running;
}

static int run_in_child(void *context)
{
	struct act_shared *shared = context;

	apply_steps(running_steps(shared->plan), shared->plan, &shared->failed, &shared->err);
	return EXIT_FAILURE;
}

static void take_back_oom_score_adj(void *context, pid_t pid)
{
	const struct act_shared *shared = context;

	(void)pid;
	if (shared->plan->supervisor.copies_memory)
		limits_take_back(shared->plan);
}

/*
 * A child in a cgroup with a limit of memory has a copy of this memory: the kernel kills
 * all processes that share the memory of the one that it chooses.
 */
static int run_supervised(struct plan *plan, struct act_shared *shared, int *status)
{
	struct supervised supervised = {
	    .become = run_in_child, .started = take_back_oom_score_adj, .context = shared};
	pid_t pid;
	int ret;

	if (joins_in_child(plan)) {
		plan->supervisor.copies_memory = plan->cgroups.count > 0;
		/* As late as possible: the cgroup may freeze at any time. */
		plan->supervisor.cgroup_fd = cgroups_find_start(plan);
	}
	ret = supervisor_run(&plan->supervisor, &supervised, &pid, status, &shared->err);
	return ret < 0 && pid < 0 ? hints_at_fork(plan, &shared->err) : ret;
}

int act_run(struct plan *plan, int *status, bool *exec_failed, struct error *err)
{
	struct act_shared *shared = plan->shared;
	int ret;

	shared->plan = plan;
	if (plan->supervisor.wanted)
		ret = run_supervised(plan, shared, status);
	else
		ret = apply_steps(running_steps(plan), plan, &shared->failed, &shared->err);
	*exec_failed = ret < 0 && !plan->supervisor.copying_failed && shared->failed &&
		       shared->failed->apply == program_apply;
	if (ret < 0)
		*err = shared->err;
	return ret;
}
