/* SPDX-License-Identifier: GPL-2.0-or-later */
/* runc by itself: /run/runc/ID/state.json. */
#include <errno.h>
#include <limits.h>

#include "container/oci_state.h"

/* Its containers have no name but the id. */
static int load_runc(struct containers *containers, struct container *container)
{
	char directory[PATH_MAX];
	int ret =
	    runtime_directory(containers, container->runtime, container->user, directory, sizeof(directory));

	if (ret < 0)
		return ret;
	return oci_state_read(containers, &oci_state_runc, directory, container) < 0 ? -ENOENT : 0;
}

/* load_runc() read it. */
static int find_runc_init(struct containers *containers, struct container *container)
{
	(void)containers;
	return container->init > 0 ? 0 : -ESRCH;
}

static int open_runc_config(struct containers *containers, const struct container *container)
{
	char directory[PATH_MAX];

	if (runtime_directory(containers, container->runtime, container->user, directory, sizeof(directory)) <
	    0)
		return -ENOENT;
	return oci_state_open_bundle(containers, directory, container);
}

/* Its cgroup is /ID, unless its configuration says otherwise. */
static const struct cgroup_pattern patterns[] = {
    {.prefix = "runc-", .suffix = ".scope", .is_weak = true},
    {.prefix = "", .suffix = "", .is_weak = true},
    {0},
};

const struct runtime runtime_runc = {
    .name = "runc",
    .patterns = patterns,
    .needs_no_cgroup = true,
    .place = {.of_root = "/run/runc", .below_runtime = "runc"},
    .load = load_runc,
    .list = runtime_list_entries,
    .find_init = find_runc_init,
    .open_config = open_runc_config,
};
