/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a cgroup, or one above it, is frozen or full. */
#include "enter/cgroups.h"

#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

int cgroup_check_thawed(const struct cgroup *cgroup, pid_t pid, struct error *err)
{
	int ret = cgroup->can_freeze ? cgroup_is_frozen(cgroup->dir_fd, cgroup->depth) : 0;

	if (ret == 0)
		return 0;
	if (ret < 0)
		return error_set_errno(err, -ret,
				       "cannot read the state of the cgroup '%.400s' of process %d",
				       cgroup->path, pid);
	error_set(err, EBUSY, "cannot join the cgroup '%.400s' of process %d: its cgroup is frozen",
		  cgroup->path, pid);
	return error_hint(err, "thaw it first (unpause the container), or enter without --join-cgroup");
}

/* Returns 1 where the cgroup is full, and stores in *context how far above it is. */
static int look_for_full(int dir_fd, size_t above, void *context)
{
	char text[32];
	uint64_t most;
	uint64_t current;

	/* "max": there is no limit. */
	if (cgroup_read_file(dir_fd, "pids.max", text, sizeof(text)) < 0 ||
	    sscanf(text, "%" SCNu64, &most) != 1)
		return 0;
	if (cgroup_read_file(dir_fd, "pids.current", text, sizeof(text)) < 0 ||
	    sscanf(text, "%" SCNu64, &current) != 1 || current < most)
		return 0;
	*(size_t *)context = above;
	return 1;
}

bool cgroups_find_full(const struct cgroups *cgroups, char *path, size_t size)
{
	for (size_t i = 0; i < cgroups->count; i++) {
		size_t above = 0;

		if (cgroup_climb(cgroups->items[i].dir_fd, cgroups->items[i].depth, look_for_full, &above) !=
		    1)
			continue;
		snprintf(path, size, "%s", cgroups->items[i].path);
		while (above-- > 0 && strrchr(path, '/'))
			*strrchr(path, '/') = '\0';
		return true;
	}
	return false;
}
