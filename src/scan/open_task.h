/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a task of a snapshot to the task itself. */
#ifndef NSCTL_SCAN_OPEN_TASK_H
#define NSCTL_SCAN_OPEN_TASK_H

#include "proc/process.h"
#include "snapshot/snapshot.h"

/*
 * Opens a task of the snapshot.  Returns 0, or -ESRCH where it ended since the
 * scan: its PID is now that of a task with another start time or, where the engine
 * does not report that, in other namespaces.  A hostile process can
 * block this: only helpers of bounded_run() call it.
 */
int scan_open_task(const struct snapshot *snapshot, uint32_t task, struct process *process);

/* The same without the check: for a task that blocks it.  Never blocks itself. */
int scan_open_any_task(const struct snapshot_task *task, struct process *process);

#endif
