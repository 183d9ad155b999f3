/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what only a task that is shown needs. */
#ifndef NSCTL_SCAN_DETAILS_H
#define NSCTL_SCAN_DETAILS_H

#include "snapshot/details.h"
#include "snapshot/snapshot.h"

/* Reads all but the command of a task.  As scan_open_task() for helpers, and with its errors; or -ENOMEM. */
int scan_read_details(const struct snapshot *snapshot, uint32_t task, unsigned int wanted,
		      struct task_details *details);

/*
 * Reads the details of a task, as far as they can be had.  Where the task is
 * not to be opened any more, as scan_open_task() has it, they stay empty: what
 * is shown beside a namespace was in it.  Returns 0; -ESRCH for these; or -ENOMEM.
 */
int scan_details(const struct snapshot *snapshot, uint32_t task, unsigned int wanted,
		 struct task_details *details);

/*
 * The same for many tasks, by several helper processes.  details: all zero, but
 * has_uid and uid may be set where tasks[i] is SNAPSHOT_NONE, for the name of that
 * user.  Fills details[i] from tasks[i]; it stays empty where that ended.  Tasks
 * that block are counted as unanswered: their command is "[comm]", as ps(1) has it
 * for a process without a command line.  Afterwards no file has to be read to show
 * the details.  Never call it with DETAIL_USER_NAME inside a container's
 * namespaces (see user_names_load()).  Returns 0 or -ENOMEM; the details are to be
 * freed in any case.
 */
int scan_details_of_all(const struct snapshot *snapshot, const uint32_t *tasks, size_t count,
			unsigned int wanted, struct task_details *details);

#endif
