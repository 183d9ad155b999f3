/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crun by itself: /run/crun/ID/status, with a copy of the configuration beside it. */
#include "container/oci_state.h"

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
    .state = &oci_state_crun,
    .load = oci_state_load,
    .list = runtime_list_entries,
    .find_init = oci_state_find_loaded,
    .open_config = open_crun_config,
};
