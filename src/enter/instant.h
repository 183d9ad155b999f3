/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The state of the process that the plan depends on, all of it from one instant. */
#ifndef NSCTL_ENTER_INSTANT_H
#define NSCTL_ENTER_INSTANT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "enter/request.h"
#include "proc/cgroup_directory.h"
#include "proc/process.h"
#include "proc/status.h"

/* The namespaces that a process is in, not those of its next child. */
#define INSTANT_LINKS (NS_LINK_SET_ALL & ~(1U << NS_LINK_PID_FOR_CHILDREN | 1U << NS_LINK_TIME_FOR_CHILDREN))

/* All that decides the plan and that a live process can change. */
struct instant {
	int ns_fd;                    /* /proc/PID/ns, O_PATH; -1 where it cannot be opened */
	struct process_links links;   /* INSTANT_LINKS */
	struct process_status status; /* all 0 where it is not wanted */
	int root_fd;                  /* O_PATH; -1 where it is not wanted, or the process has exited */
	int wd_fd;                    /* the same */
	char *cgroup;                 /* /proc/PID/cgroup; NULL where it is not wanted */
	char *label; /* /proc/PID/attr/current; NULL where it is not wanted, or cannot be read */
};

#define INSTANT_EMPTY ((struct instant){.ns_fd = -1, .root_fd = -1, .wd_fd = -1})

/*
 * Reads what the request needs of the process.  The plan decides by what was
 * read first; instant_confirm() then reads the same again.  Freed by
 * instant_free().  Returns 0, or a negative errno.
 */
int instant_read(const struct enter_request *request, const struct process *process, struct instant *instant,
		 struct error *err);

/*
 * Checks that nothing has changed since.  A process can leave its user namespace
 * only for one below it, and cannot return (setns(2) requires CAP_SYS_ADMIN in
 * the other): between two equal readings it was equally trusted.  checked_later:
 * types that are checked after they were entered, and not here.  Returns 0;
 * -EAGAIN where something changed; or another negative errno.
 */
int instant_confirm(const struct enter_request *request, const struct process *process,
		    const struct instant *instant, ns_type_set checked_later, struct error *err);

void instant_free(struct instant *instant);

#endif
