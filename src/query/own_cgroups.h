/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The cgroups that a container has for itself, opened in every hierarchy. */
#ifndef NSCTL_QUERY_OWN_CGROUPS_H
#define NSCTL_QUERY_OWN_CGROUPS_H

#include <stdbool.h>
#include <stddef.h>

#include "container/container.h"
#include "proc/cgroup_directory.h"
#include "proc/process.h"

/* A container's own cgroup in one hierarchy; else that of its first process. */
struct own_cgroup {
	int reason;     /* why it could not be opened; 0: it is open */
	bool is_shared; /* other processes are in it: its usage is not the container's, its limits hold */
	int dir_fd;
	size_t depth; /* how many cgroups above it can be seen */
	char *path;
};

/* The cgroups of another process. */
struct other_cgroups {
	char *text;
	struct cgroup_hierarchies hierarchies;
};

struct own_cgroups {
	struct containers *containers; /* borrowed, as the next */
	const struct container *container;
	char *text;                            /* hierarchies borrows from it */
	struct cgroup_hierarchies hierarchies; /* of the first process */
	struct other_cgroups parent;           /* both are no part of the container */
	struct other_cgroups caller;
	struct own_cgroup items[CGROUPS_MAX]; /* in each of the hierarchies */
	size_t count;
};

/*
 * Opens the cgroups of a container whose first process this is.  cgroups is zeroed
 * before, and closed by the caller also after an error.  Returns 0 or -ENOMEM.
 */
int own_cgroups_open(struct containers *containers, const struct container *container,
		     const struct process *process, struct own_cgroups *cgroups);

void own_cgroups_close(struct own_cgroups *cgroups);

#define AUTO_OWN_CGROUPS __attribute__((cleanup(own_cgroups_close))) struct own_cgroups

/* The hierarchy of cgroup v1 that has this controller, else that of v2; "": v2.  NULL: neither is here. */
const struct cgroup_hierarchy *own_cgroups_find_hierarchy(const struct own_cgroups *cgroups,
							  const char *controller);

/* The own cgroup in the hierarchy of a controller.  Returns NULL, and why, where it is not open. */
const struct own_cgroup *own_cgroups_find(const struct own_cgroups *cgroups, const char *controller,
					  int *reason);

/* Whether it is the root, or the caller or the parent of the first process is in it, too. */
bool own_cgroups_is_shared(const struct own_cgroups *cgroups, const struct cgroup_hierarchy *cgroup);

#endif
