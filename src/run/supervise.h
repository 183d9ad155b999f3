/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The process that stays while the program runs in its child: signals in, exit status out. */
#ifndef NSCTL_RUN_SUPERVISE_H
#define NSCTL_RUN_SUPERVISE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"

struct pipes;
struct relay;

/* The supervisor's handling of the signals that are sent to it. */
enum supervisor_habit {
	SUPERVISOR_FORWARDS,        /* forwards all of them; stops when the child stops */
	SUPERVISOR_IGNORES_ENDING,  /* SIGINT and SIGTERM have no effect: as unshare(1) */
	SUPERVISOR_FORWARDS_ENDING, /* forwards SIGINT and SIGTERM alone: unshare --forward-signals */
};

/* The child's needs, prepared while a failure still changes nothing. */
struct supervisor {
	bool wanted; /* the program runs in a child */
	enum supervisor_habit habit;
	int signal;             /* the child gets it when the supervisor dies; 0: none */
	unsigned int limit_sec; /* how long the child may run; 0: any time */
	bool child_is_init;     /* the child is the first process of a pid namespace, and stays nsctl */
	bool is_init;           /* this process is: it cannot be stopped */
	bool own_session;       /* the child makes a session: it gets no signal from the caller's terminal */
	bool detaches;          /* it waits only until the child has executed the program */
	bool copies_memory;     /* the child has a copy of the memory, and need not execute a program */
	bool is_over;           /* set: it ran longer, and was ended for it */
	bool copying_failed;    /* set: the program ran, but a stream could not be copied */
	struct relay *relay;    /* borrowed; with SUPERVISOR_FORWARDS.  NULL: the caller's terminal, if any */

	struct pipes *pipes; /* the same, for a program without a terminal; NULL: the caller's streams */

	void *stack; /* of the child, until it executes; lowest page: guard */
	size_t stack_size;
	int alive_fd;  /* the end of a pipe that hangs up when the supervisor dies; -1: none */
	int proc_fd;   /* the caller's /proc, where it detaches: that of the child may be the target's */
	int held_fd;   /* the other end, which the child closes */
	int cgroup_fd; /* borrowed: the child is to start in this cgroup v2; -1: none */
	bool starts_in_cgroup; /* set: it does.  Otherwise it has to join */
	sigset_t caller_mask;
	struct sigaction caller_child_action;
};

#define SUPERVISOR_NONE ((struct supervisor){.alive_fd = -1, .held_fd = -1, .proc_fd = -1, .cgroup_fd = -1})

/*
 * Prepares a child that will execute a program with these arguments.  Released
 * by supervisor_free(), also after an error.  Returns 0 or a negative errno.
 */
int supervisor_prepare(struct supervisor *supervisor, char *const *argv, struct error *err);

/* Releases all but the stack. */
void supervisor_free(struct supervisor *supervisor);

/* The work of the child, and of this process once the child exists. */
struct supervised {
	int (*become)(void *context);                /* in the child: executes a program, or returns */
	void (*started)(void *context, pid_t child); /* in this process; NULL: nothing */
	void *context;
};

/*
 * Runs become() in a child and waits for the child's end.  From the start the
 * signals sent to this process are treated as the habit says, also before the
 * child has executed the program.
 *
 * The child shares this process's memory until it executes, unless it has a copy: what
 * become() stores in *err is seen here; with a copy, err is in shared memory.  Returns 0, and in *status what
 * waitpid(2) reported; or a negative errno: where become() returned, having set err; where no child could be
 * created, *child is -1; before that, 0.  It collects every child of this process, and
 * leaves the signals of the habit blocked and SIGCHLD at its default.  Where it detaches,
 * *status is 0, and all signals keep their effect.
 *
 * With a relay, it copies until the child has ended: signals that the terminal sends are
 * forwarded as well, those that would stop the child stop this process alone.  The
 * caller's terminal has its modes again when this function returns, and while this
 * process is stopped otherwise than by SIGSTOP.  With pipes, it copies as well; a stream
 * that could not be copied is an error.
 */
int supervisor_run(struct supervisor *supervisor, const struct supervised *supervised, pid_t *child,
		   int *status, struct error *err);

/*
 * In the child: it gets the signal when the supervisor dies, even if it is dead
 * already.  After the credentials: changing them clears the signal (prctl(2)).
 * Returns 0 or a negative errno.
 */
int supervisor_follow_parent(const struct supervisor *supervisor, struct error *err);

/* In the child: the caller's mask and SIGCHLD action.  Returns 0 or a negative errno. */
int supervisor_restore_signals(const struct supervisor *supervisor);

#endif
