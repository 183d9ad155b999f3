/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Containers that neither a cgroup nor a file names: a process of this side started them. */
#ifndef NSCTL_CONTAINER_PARENTS_H
#define NSCTL_CONTAINER_PARENTS_H

#include "container/container.h"

/*
 * Goes from a process up to the first parent that is in the caller's mnt
 * namespace, own_mnt: systemd-nspawn --register=no, run by root, or bwrap.  What runs
 * elsewhere is not believed, whatever it calls itself.  Returns 0; -ENOENT where that parent
 * is another program; or -ENOMEM.  *found belongs to containers.
 */
int container_of_parents(struct containers *containers, pid_t pid, ino_t own_mnt,
			 const struct container **found);

/* The same, where the first parent outside is known. */
int container_of_parent(struct containers *containers, pid_t pid, const struct container **found);

/* Looks for containers of systemd-nspawn that are not registered, among all processes.  0 or -ENOMEM. */
int containers_list_unregistered(struct containers *containers);

#endif
