/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ns/trial.h"

#include <errno.h>
#include <sched.h>

#include "base/child.h"

static int create_in_child(void *context)
{
	const ns_type_set *types = context;

	return unshare(ns_type_set_clone_flags(*types)) < 0 ? errno : 0;
}

int ns_try_create(ns_type_set types)
{
	int ret = child_run(create_in_child, &types);

	return ret > 0 ? -ret : ret;
}

int ns_try_create_inside(ns_type_set types)
{
	return ns_try_create(types | 1U << NS_USER);
}
