/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The task that is shown for a namespace. */
#ifndef NSCTL_QUERY_SHOWN_TASK_H
#define NSCTL_QUERY_SHOWN_TASK_H

#include "snapshot/snapshot.h"

/*
 * Chooses the process that made each chosen namespace, as far as is known: the
 * first process of a pid namespace (PID 1 inside), else the oldest process that
 * is no zombie, by the lowest PID; a thread if there is no process.
 * chosen: by namespace; NULL: all.  tasks: by namespace; SNAPSHOT_NONE: none.
 * If the engine does not report when processes started, /proc is read for those
 * that are not alone in a namespace.  Returns 0 or -ENOMEM.
 */
int shown_tasks_choose(const struct snapshot *snapshot, const bool *chosen, uint32_t *tasks);

#endif
