/* Which of the tasks in a namespace is shown for it. */
#ifndef NSCTL_QUERY_SHOWN_TASK_H
#define NSCTL_QUERY_SHOWN_TASK_H

#include "snapshot/snapshot.h"

/*
 * For each chosen namespace the process that made it, as far as can be told:
 * of a pid namespace its first one (number 1 inside), of others the oldest that
 * is no zombie, the lowest PID of several; a thread where there is no process.
 * chosen: by namespace; NULL: all.  tasks: by namespace; SNAPSHOT_NONE: there is
 * none.  Where the engine does not tell when processes started, /proc is read
 * for those that are not alone in a namespace.  Returns 0 or -ENOMEM.
 */
int shown_tasks_choose(const struct snapshot *snapshot, const bool *chosen, uint32_t *tasks);

#endif
