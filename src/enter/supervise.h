/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The process that stays outside while the program runs inside: signals in, exit status out. */
#ifndef NSCTL_ENTER_SUPERVISE_H
#define NSCTL_ENTER_SUPERVISE_H

#include <signal.h>

#include "enter/part.h"

/* The things that the child needs, made before the first setns(2). */
struct supervisor {
	bool wanted; /* the program runs in a child: a pid namespace is entered */
	int signal;  /* the child gets it when the supervisor dies */
	void *stack; /* of the child, until it executes; lowest page: guard */
	size_t stack_size;
	int alive_fd; /* the end of a pipe that hangs up when the supervisor dies; -1: none */
	int held_fd;  /* the other end, which the child closes */
	sigset_t caller_mask;
	struct sigaction caller_child_action;
};

#define SUPERVISOR_NONE ((struct supervisor){.alive_fd = -1, .held_fd = -1})

plan_fn supervisor_plan; /* prepares a child that will execute the program, where one is needed */

/* Releases all but the stack. */
void supervisor_free(struct supervisor *supervisor);

/*
 * Runs become(context) in a child, where it executes a program or returns, and
 * waits for the child's end.  From the start every signal sent to this process is
 * forwarded, also before the child has executed the program.  When the child
 * stops, this process stops; when this process continues, so does the child.
 *
 * The child shares this process's memory until it executes: what become() stores
 * in *err is seen here.  Returns 0, and in *status what waitpid(2) reported; or a
 * negative errno where become() returned, having set err, or where no child could
 * be created.
 */
int supervisor_run(struct plan *plan, int (*become)(void *context), void *context, int *status,
		   struct error *err);

/*
 * In the child: it gets the signal when the supervisor dies, even if it is dead
 * already.  After the credentials: changing them clears the signal (prctl(2)).
 */
apply_fn supervisor_follow_parent;
apply_fn supervisor_restore_signals; /* in the child: the caller's mask and SIGCHLD action */

#endif
