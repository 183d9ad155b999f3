/* The process that stays outside while the program runs inside: signals in, exit status out. */
#ifndef NSCTL_ENTER_SUPERVISE_H
#define NSCTL_ENTER_SUPERVISE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"
#include "enter/request.h"

struct plan;

/* What the child needs that is made before the first setns(2). */
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

/*
 * Prepares a child that will execute the program, where one is needed.  Released
 * by supervisor_free(), but for the stack.  Returns 0 or a negative errno.
 */
int supervisor_plan(const struct enter_request *request, struct plan *plan, struct error *err);
void supervisor_free(struct supervisor *supervisor);

/*
 * Runs become(context) in a child; it has to execute a program or return.
 * Waits for the child's end.  Meanwhile every signal sent to this process is
 * sent on, from the start, also while the child is on its way to the program.
 * When the child stops, this process stops; when it goes on, so does the child.
 *
 * The child shares this process's memory until it executes: what become()
 * leaves in *err is seen here.  Returns 0, and in *status what waitpid(2) gave;
 * or a negative errno where become() returned, having set err, or the child
 * could not be made: then *forked is false.
 */
int supervisor_run(struct supervisor *supervisor, int (*become)(void *context), void *context, int *status,
		   bool *forked, struct error *err);

/*
 * Steps of the program's own process, which do nothing where it is no child.
 * The first: it gets the signal when the supervisor dies, even if that is now.
 * After the credentials, a change of which takes the signal away: prctl(2).
 * The second: the caller's signal mask and SIGCHLD action.  Each returns 0 or a
 * negative errno.
 */
int supervisor_follow_parent(const struct plan *plan, struct error *err);
int supervisor_restore_signals(const struct plan *plan, struct error *err);

#endif
