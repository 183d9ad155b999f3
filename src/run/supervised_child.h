/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The child of a supervisor until it executes the program.  Only supervise.c uses it. */
#ifndef NSCTL_RUN_SUPERVISED_CHILD_H
#define NSCTL_RUN_SUPERVISED_CHILD_H

#include "run/supervise.h"

/* Maps the stack of a child that executes these arguments.  Returns 0 or a negative errno. */
int supervised_make_stack(char *const *argv, struct supervisor *supervisor, struct error *err);

/*
 * Starts the child, in its cgroup v2 if there is one.  If the kernel refuses that, the child
 * is to join the cgroup itself, and to report the error.  Returns it, or -1 with errno.
 */
pid_t supervised_start(struct supervisor *supervisor, const struct supervised *supervised);

/*
 * Whether the child has executed a program; true also if that cannot be read.  It was not
 * waited for: its PID is its own, also if it has ended.
 */
bool supervised_has_executed(const struct supervisor *supervisor, pid_t child);

/*
 * Waits until the child has executed the program: 0; or has ended: -ECHILD, and *status;
 * or for DETACH_SEC: -ETIMEDOUT.
 */
int supervised_wait_for_execution(const struct supervisor *supervisor, pid_t child, int *status);

/* How long a detached program may take to be executed. */
#define DETACH_SEC 10

#endif
