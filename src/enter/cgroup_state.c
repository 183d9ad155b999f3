/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a cgroup, or one above it, is frozen. */
#include "enter/cgroups.h"

#include <errno.h>

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
