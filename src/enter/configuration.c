/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "enter/configuration.h"

#include <errno.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "enter/plan.h"

/* With -e the environment is that of the process, and without the container's files it is the caller's. */
bool configuration_has_environment(const struct enter_request *request, const struct plan *plan)
{
	return plan->container && plan_enters(plan, NS_MNT) && !request->confined && !request->as_nsenter &&
	       !request->environment && !request->caller_environment;
}

int configuration_plan(const struct enter_request *request, struct plan *plan, struct error *err)
{
	AUTO_CONTAINERS struct containers containers = {.root_fd = -1};
	int ret;

	if (plan->container)
		plan->configuration.is_of_other =
		    plan->container->user != 0 && plan->container->user != geteuid();
	if (!plan->container || (!request->confined && !configuration_has_environment(request, plan)))
		return 0;
	ret = containers_open("/", &containers);
	if (ret == 0)
		ret = container_open_config(&containers, plan->container);
	if (ret == -ENOENT)
		return 0;
	if (ret >= 0) {
		plan->configuration.fd = ret;
		return 0;
	}
	if (ret == -EPERM)
		return error_set(
		    err, EPERM,
		    "others than its owner can change the configuration of the container '%.200s'",
		    plan->container->name);
	return error_set_errno(err, -ret, "cannot open the configuration of the container '%.200s'",
			       plan->container->name);
}

void configuration_free(struct configuration *configuration)
{
	cleanup_close(&configuration->fd);
}
