/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Children that are waited for. */
#ifndef NSCTL_BASE_CHILD_H
#define NSCTL_BASE_CHILD_H

#include <signal.h>
#include <sys/types.h>

/*
 * Waits for the end of a child, also where signals interrupt.  status: as waitpid(2)
 * reports it; may be NULL.  Returns 0 or a negative errno.
 */
int child_wait(pid_t pid, int *status);

/*
 * The status of a child is lost where the caller ignores SIGCHLD (wait(2)), which it
 * may have inherited by execve(2).  child_keep_status() comes before the fork(2), and
 * child_restore_action() after the last wait.
 */
void child_keep_status(struct sigaction *before);
void child_restore_action(const struct sigaction *before);

/*
 * Calls work in a child that ends with what it returns, 0 to 255.  Returns that; -EIO
 * if a signal killed the child; or another negative errno.
 */
int child_run(int (*work)(void *context), void *context);

#endif
