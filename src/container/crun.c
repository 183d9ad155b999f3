/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crun by itself: /run/crun/ID/status, with a copy of the configuration beside it. */
#include <errno.h>
#include <limits.h>

#include "container/oci_state.h"

/* Its containers have no name but the id. */
static int load_crun(struct containers *containers, struct container *container)
{
	char directory[PATH_MAX];
	int ret =
	    runtime_directory(containers, container->runtime, container->user, directory, sizeof(directory));

	if (ret < 0)
		return ret;
	return oci_state_read(containers, &oci_state_crun, directory, container) < 0 ? -ENOENT : 0;
}

/* load_crun() read it. */
static int find_crun_init(struct containers *containers, struct container *container)
{
	(void)containers;
	return container->init > 0 ? 0 : -ESRCH;
}

static int open_crun_config(struct containers *containers, const struct container *container)
{
	return runtime_open_file(containers, container, "config.json");
}

/* Its cgroup is /ID, unless its configuration says otherwise. */
static const struct cgroup_pattern patterns[] = {
    {.prefix = "crun-", .suffix = ".scope", .is_weak = true},
    {.prefix = "", .suffix = "", .is_weak = true},
    {0},
};

const struct runtime runtime_crun = {
    .name = "crun",
    .patterns = patterns,
    .needs_no_cgroup = true,
    .place = {.of_root = "/run/crun", .below_runtime = "crun"},
    .load = load_crun,
    .list = runtime_list_entries,
    .find_init = find_crun_init,
    .open_config = open_crun_config,
};
