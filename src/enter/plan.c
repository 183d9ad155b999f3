/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "enter/plan.h"

#include <errno.h>

/*
 * Prepares a child that will execute the program: only a child is in the pid namespace,
 * and this process copies to and from a pseudo-terminal.
 */
static int supervisor_plan(const struct enter_request *request, struct plan *plan, struct error *err)
{
	plan->supervisor.wanted = (plan_enters(plan, NS_PID) && !request->no_fork) || plan->terminal.wanted;
	plan->supervisor.signal = request->child_signal;
	plan->supervisor.relay = plan->terminal.relay;
	return plan->supervisor.wanted ? supervisor_prepare(&plan->supervisor, plan->program.argv, err) : 0;
}

/* In this order: a part reads those before it. */
static plan_fn *const parts[] = {
    namespaces_plan,  join_plan,    directories_plan, environment_plan, label_plan,      cgroups_plan,
    credentials_plan, program_plan, descriptors_plan, terminal_plan,    supervisor_plan, mounts_plan,
};

int plan_make(const struct enter_request *request, struct plan *plan, struct error *err)
{
	ns_type_set checked_later;
	int ret = 0;

	*plan = (struct plan){
	    .process = PROCESS_CLOSED,
	    .seen = INSTANT_EMPTY,
	    .namespaces = NAMESPACES_NONE,
	    .directories = DIRECTORIES_NONE,
	    .label = LABEL_NONE,
	    .terminal = TERMINAL_CLOSED,
	    .supervisor = SUPERVISOR_NONE,
	};
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]) && ret == 0; i++)
		ret = parts[i](request, plan, err);
	if (ret < 0 || plan->process.dir_fd < 0)
		return ret;
	/* join_apply() checks these, and the user namespace last. */
	checked_later = plan->join.by_pidfd ? plan->namespaces.types | 1U << NS_USER : 0;
	return instant_confirm(request, &plan->process, &plan->seen, checked_later, err);
}

void plan_free(struct plan *plan)
{
	process_close(&plan->process);
	instant_free(&plan->seen);
	cgroups_free(&plan->cgroups);
	mounts_free(&plan->mounts);
	label_free(&plan->label);
	directories_free(&plan->directories);
	supervisor_free(&plan->supervisor);
	terminal_free(&plan->terminal);
	namespaces_free(&plan->namespaces);
	credentials_free(&plan->credentials);
	environment_free(&plan->environment);
}

int plan_need_process(const struct plan *plan, const char *what, struct error *err)
{
	if (plan->process.dir_fd >= 0)
		return 0;
	error_set(err, EINVAL, "%s needs a process", what);
	return error_hint(err, "give one with -t PID");
}
