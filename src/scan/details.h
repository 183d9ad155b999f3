/* Reads what only a task that is shown needs. */
#ifndef NSCTL_SCAN_DETAILS_H
#define NSCTL_SCAN_DETAILS_H

#include "proc/process.h"
#include "snapshot/details.h"
#include "snapshot/snapshot.h"

/* One bit for each question. */
enum detail {
	DETAIL_STAT = 1U << 0, /* ppid, age, is_kernel_thread */
	DETAIL_USER = 1U << 1, /* uid */
	DETAIL_COMMAND =
	    1U << 2, /* command; "[comm]" where reading it blocks, and then counted as unanswered */
	DETAIL_INSIDE = 1U << 3, /* nspid, inside */
	DETAIL_STATE = 1U << 4,  /* state, and what DETAIL_STAT has */
	DETAIL_PLAIN = 1U << 5,  /* command without " <defunct>", as lsns(8) has it */
};

/*
 * Opens a task of the snapshot.  Returns 0, or -ESRCH where it ended since the
 * scan: its number is now that of a task with another start or, where the
 * engine does not tell the start, in other namespaces.  A hostile process can
 * block this: only helpers of bounded_run() call it.
 */
int scan_open_task(const struct snapshot *snapshot, uint32_t task, struct process *process);

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
 * The same for many tasks, by several helper processes: details[i] is of
 * tasks[i], and empty where that is SNAPSHOT_NONE or ended.  What blocks is
 * counted as unanswered: its command is "[comm]", as ps(1) has it for a process
 * without a command line.  Returns 0 or -ENOMEM.
 */
int scan_details_of_all(const struct snapshot *snapshot, const uint32_t *tasks, size_t count,
			unsigned int wanted, struct task_details *details);

#endif
