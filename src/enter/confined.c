/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "enter/confined.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/bounded.h"
#include "container/oci.h"
#include "enter/hints.h"
#include "enter/plan.h"

/* Far above what exec allows (a quarter of the stack limit, or 6 MiB; execve(2)). */
#define ENVIRONMENT_LIMIT (16U << 20)

static int read_variables(struct plan *plan, struct error *err)
{
	char *text = NULL;
	/* In a helper process: readers wait for the mmap_lock of the process, which it can hold. */
	ssize_t length = bounded_load_at(plan->process.dir_fd, "environ", ENVIRONMENT_LIMIT, &text, NULL);
	int ret = length < 0 ? (int)length : settings_set_variables(&plan->settings, text, (size_t)length);

	if (ret < 0)
		return error_set_errno(err, -ret, "cannot read the environment of process %d",
				       plan->process.pid);
	plan->environment.is_damaged = plan->settings.is_damaged;
	return 0;
}

static int read_process(struct plan *plan, struct error *err)
{
	int ret = settings_read_process(&plan->process, plan->namespaces.has_maps, &plan->settings, err);

	return ret < 0 ? ret : read_variables(plan, err);
}

/* At most what the process has. */
static void lower_limit(struct settings_limit *limit, const struct rlimit *most)
{
	if (limit->limit.rlim_max > most->rlim_max)
		limit->limit.rlim_max = most->rlim_max;
	if (limit->limit.rlim_cur > limit->limit.rlim_max)
		limit->limit.rlim_cur = limit->limit.rlim_max;
}

/*
 * The configuration of another user grants only what that user's own runtime could grant.
 * Otherwise root would raise limits for that user.
 */
static void lower_to_process(struct settings *settings, const struct settings *process)
{
	for (unsigned int i = 0; i < RLIM_NLIMITS; i++)
		lower_limit(&settings->limits[i], &process->limits[i].limit);
	if (settings->oom_score_adj < process->oom_score_adj)
		settings->oom_score_adj = process->oom_score_adj;
}

/*
 * Not the caller's, which may be higher, or keep the program from the OOM killer.  A
 * limit that the configuration does not demand need not be reached.
 */
static int fill_gaps(struct plan *plan, struct error *err)
{
	struct settings *settings = &plan->settings;
	struct settings process;
	int ret = settings_read_process(&plan->process, plan->namespaces.has_maps, &process, err);

	for (unsigned int i = 0; i < RLIM_NLIMITS && ret == 0; i++) {
		if (settings->limits[i].is_set)
			continue;
		settings->limits[i] = process.limits[i];
		settings->limits[i].may_be_lower = true;
	}
	if (ret == 0 && !settings->has_oom_score_adj) {
		settings->has_oom_score_adj = true;
		settings->oom_score_adj = process.oom_score_adj;
	}
	if (ret == 0 && plan->configuration.is_of_other)
		lower_to_process(settings, &process);
	settings_free(&process);
	return ret;
}

/* Properties that the configuration leaves out are those of the container's first process. */
static int read_configuration(struct plan *plan, struct error *err)
{
	int ret = settings_read_oci(plan->configuration.fd, &plan->missing, &plan->settings, err);

	return ret < 0 ? ret : fill_gaps(plan, err);
}

/* As `docker exec --privileged`, also without the filter. */
static void lift_confinement(struct settings *settings)
{
	settings_drop_filters(settings);
	free(settings->apparmor);
	free(settings->selinux);
	settings->filters_unread = 0;
	settings->apparmor = NULL;
	settings->selinux = NULL;
}

int confined_settings_plan(const struct enter_request *request, struct plan *plan, struct error *err)
{
	int ret;

	if (plan->process.dir_fd < 0) {
		error_set(err, EINVAL, "'%.400s' is a namespace, not a process", request->targets[0].text);
		return error_hint(err, "nsctl enter runs a program in it");
	}
	if (plan->configuration.fd >= 0)
		ret = read_configuration(plan, err);
	else
		ret = read_process(plan, err);
	if (ret == 0 && request->privileged)
		lift_confinement(&plan->settings);
	return ret;
}

int confined_directories_plan(const struct enter_request *asked, struct plan *plan, struct error *err)
{
	struct enter_request request = *asked;

	if (!request.wd_inside)
		request.wd_inside = plan->settings.cwd;
	return directories_plan(&request, plan, err);
}

int confined_confirm(const struct enter_request *request, struct plan *plan, struct error *err)
{
	struct settings now;
	int ret;

	if (plan->configuration.fd >= 0)
		return 0;
	ret = settings_read_process(&plan->process, plan->namespaces.has_maps, &now, err);
	if (ret == 0 && request->privileged)
		lift_confinement(&now);
	if (ret == 0 && !settings_are_same(&now, &plan->settings)) {
		error_set(err, EAGAIN, "process %d changed its credentials while it was being read",
			  plan->process.pid);
		ret = error_hint(err, HINT_CHANGED, plan->process.pid);
	}
	settings_free(&now);
	return ret;
}
