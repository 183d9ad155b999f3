/* What the files of a cgroup say of it and of those above it: frozen, full. */
#ifndef NSCTL_ENTER_CGROUP_STATE_H
#define NSCTL_ENTER_CGROUP_STATE_H

#include "enter/cgroups.h"

/*
 * Returns 0 where what joins the cgroup will run.  Where it is frozen or is
 * being frozen, itself or by one above it, -EBUSY: freezer.state of cgroup v1,
 * cgroup.freeze of v2 (Linux 5.2).  Above the root of the mount nothing can be
 * seen; with v2, cgroup.events still shows a freeze that is complete.
 */
int cgroup_check_thawed(const struct cgroup *cgroup, pid_t pid, struct error *err);

#endif
