#include "enter/plan.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"

static void plan_init(struct plan *plan)
{
	*plan = (struct plan){
	    .process = PROCESS_CLOSED,
	    .seen = INSTANT_EMPTY,
	    .own_ns_fd = -1,
	    .context_fd = -1,
	    .given_root_fd = -1,
	    .given_wd_fd = -1,
	    .root_fd = -1,
	    .wd_fd = -1,
	    .supervisor = SUPERVISOR_NONE,
	};
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++)
		plan->ns[type] = NS_CLOSED;
}

static int plan_fork(const struct enter_request *request, struct plan *plan, struct error *err)
{
	plan->fork = (plan->types & (1U << NS_PID)) && !request->no_fork;
	plan->child_signal = request->child_signal;
	plan->proc_will_lie =
	    plan->fork && !request->mount_proc && !(plan->types & (1U << NS_MNT)) && plan->root_fd < 0;
	if (!plan->fork)
		return 0;
	return supervisor_prepare(plan->argv, &plan->supervisor, err);
}

int plan_make(const struct enter_request *request, struct plan *plan, struct error *err)
{
	ns_type_set checked_later = 0;
	int ret;

	plan_init(plan);
	ret = plan_namespaces(request, plan, err);
	if (ret == 0)
		ret = plan_surroundings(request, plan, err);
	if (ret == 0)
		ret = plan_credentials(request, plan, err);
	if (ret == 0)
		ret = plan_program(request, plan, err);
	if (ret == 0)
		ret = plan_descriptors(request, plan, err);
	if (ret == 0)
		ret = plan_fork(request, plan, err);
	if (ret == 0)
		ret = plan_mounts(request, plan, err);
	if (ret < 0 || plan->process.dir_fd < 0)
		return ret;
	/* act_enter() checks what it entered, and the user namespace last. */
	if (plan->by_pidfd)
		checked_later = plan->types | 1U << NS_USER;
	return instant_confirm(request, &plan->process, &plan->seen, checked_later, err);
}

void plan_free(struct plan *plan)
{
	process_close(&plan->process);
	instant_free(&plan->seen);
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++)
		ns_close(&plan->ns[type]);
	cgroups_free(&plan->cgroups);
	mounts_free(&plan->mounts);
	cleanup_close(&plan->context_fd);
	cleanup_close(&plan->given_root_fd);
	cleanup_close(&plan->given_wd_fd);
	supervisor_free(&plan->supervisor);
	cleanup_close(&plan->own_ns_fd);
	free(plan->credentials.groups);
	free(plan->own_environment);
	free(plan->environment_text);
}
