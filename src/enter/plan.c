/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "enter/plan.h"

#include <errno.h>
#include <sys/mman.h>

#include "enter/act.h"
#include "enter/keyring.h"

/*
 * Prepares a child that will execute the program: only a child is in the pid namespace,
 * and this process copies to and from a pseudo-terminal.
 */
static int supervisor_plan(const struct enter_request *request, struct plan *plan, struct error *err)
{
	plan->supervisor.wanted =
	    (plan_enters(plan, NS_PID) && !request->no_fork) || plan->terminal.wanted || request->confined;
	plan->supervisor.own_session = request->confined || plan->terminal.wanted;
	plan->supervisor.detaches = request->detach;
	plan->supervisor.signal = request->child_signal;
	plan->supervisor.relay = plan->terminal.relay;
	plan->supervisor.pipes = plan->streams.pipes;
	return plan->supervisor.wanted ? supervisor_prepare(&plan->supervisor, plan->program.argv, err) : 0;
}

/* Nothing is mapped any more once a namespace was entered. */
static int shared_plan(const struct enter_request *request, struct plan *plan, struct error *err)
{
	void *memory =
	    mmap(NULL, sizeof(*plan->shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	(void)request;
	if (memory == MAP_FAILED)
		return error_set_errno(err, errno, "cannot share memory with the program's process");
	plan->shared = memory;
	return 0;
}

/* In this order: a part reads those before it, and the last one looks at what all others have opened. */
static plan_fn *const parts[] = {
    namespaces_plan, configuration_plan, join_plan,    directories_plan, environment_plan, label_plan,
    cgroups_plan,    credentials_plan,   program_plan, terminal_plan,    supervisor_plan,  join_plan_in_child,
    keyring_plan,    shared_plan,        mounts_plan,  binary_plan,      descriptors_plan,
};

/* The same for a program that is confined as the container's own are. */
static plan_fn *const confined_parts[] = {
    namespaces_plan,
    configuration_plan,
    join_plan,
    confined_settings_plan,
    confined_directories_plan,
    label_plan,
    cgroups_plan,
    confined_user_plan,
    capability_sets_plan,
    limits_plan,
    filters_plan,
    terminal_plan,
    confined_environment_plan,
    program_plan,
    standard_streams_plan,
    supervisor_plan,
    join_plan_in_child,
    keyring_plan,
    shared_plan,
    binary_plan,
    confined_confirm,
    descriptors_plan,
};

static int plan_parts(plan_fn *const *list, size_t count, const struct enter_request *request,
		      struct plan *plan, struct error *err)
{
	int ret = 0;

	for (size_t i = 0; i < count && ret == 0; i++)
		ret = list[i](request, plan, err);
	return ret;
}

#define COUNT_OF(list) (sizeof(list) / sizeof((list)[0]))

int plan_make(const struct enter_request *request, struct plan *plan, struct error *err)
{
	ns_type_set checked_later;
	int ret;

	*plan = (struct plan){
	    .process = PROCESS_CLOSED,
	    .seen = INSTANT_EMPTY,
	    .namespaces = NAMESPACES_NONE,
	    .configuration = CONFIGURATION_NONE,
	    .directories = DIRECTORIES_NONE,
	    .label = LABEL_NONE,
	    .terminal = TERMINAL_CLOSED,
	    .supervisor = SUPERVISOR_NONE,
	    .is_confined = request->confined,
	    .missing = {.permitted = request->permit_missing},
	    .limits = LIMITS_NONE,
	    .streams = STANDARD_STREAMS_NONE,
	};
	ret = request->confined ? plan_parts(confined_parts, COUNT_OF(confined_parts), request, plan, err)
				: plan_parts(parts, COUNT_OF(parts), request, plan, err);
	if (ret < 0 || plan->process.dir_fd < 0)
		return ret;
	/* join_apply() checks these, and the user namespace last. */
	checked_later = plan->join.by_pidfd ? join_types_now(plan) | 1U << NS_USER : 0;
	return instant_confirm(request, &plan->process, &plan->seen, checked_later, err);
}

void plan_free(struct plan *plan)
{
	process_close(&plan->process);
	container_free(plan->container);
	instant_free(&plan->seen);
	cgroups_free(&plan->cgroups);
	mounts_free(&plan->mounts);
	exe_file_free(&plan->exe_file);
	label_free(&plan->label);
	directories_free(&plan->directories);
	supervisor_free(&plan->supervisor);
	if (plan->shared)
		munmap(plan->shared, sizeof(*plan->shared));
	terminal_free(&plan->terminal);
	namespaces_free(&plan->namespaces);
	configuration_free(&plan->configuration);
	credentials_free(&plan->credentials);
	environment_free(&plan->environment);
	limits_free(&plan->limits);
	standard_streams_free(&plan->streams);
	settings_free(&plan->settings);
}

int plan_need_process(const struct plan *plan, const char *what, struct error *err)
{
	if (plan->process.dir_fd >= 0)
		return 0;
	error_set(err, EINVAL, "%s needs a process", what);
	return error_hint(err, "give one with -t PID");
}
