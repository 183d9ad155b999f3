/* SPDX-License-Identifier: GPL-2.0-or-later */
/* runc by itself: /run/runc/ID/state.json. */
#include <errno.h>
#include <limits.h>

#include "container/oci_state.h"

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
    .state = &oci_state_runc,
    .load = oci_state_load,
    .list = runtime_list_entries,
    .find_init = oci_state_find_loaded,
    .open_config = open_runc_config,
};
