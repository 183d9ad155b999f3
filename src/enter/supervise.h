/* The process that stays outside while the program runs inside: signals in, exit status out. */
#ifndef NSCTL_ENTER_SUPERVISE_H
#define NSCTL_ENTER_SUPERVISE_H

#include <signal.h>
#include <sys/types.h>

#include "base/error.h"

struct supervisor {
	sigset_t caller_mask; /* for the child */
	struct sigaction caller_child_action;
	int own_pidfd; /* tells the child whether we still are */
};

/*
 * Blocks every signal, so that none is lost between the fork and
 * supervisor_wait().  own_pidfd is borrowed.
 */
int supervisor_init(struct supervisor *supervisor, int own_pidfd, struct error *err);

/* In the child: it gets signal when the supervisor dies, even if that is now. */
int supervisor_follow_parent(const struct supervisor *supervisor, int signal, struct error *err);

/* In the child: the caller's signal mask and SIGCHLD action. */
int supervisor_restore_signals(const struct supervisor *supervisor, struct error *err);

/*
 * Waits for the child's end.  Meanwhile every signal sent to this process is
 * sent on, but those that the terminal sent: they went to the child as well.
 * When the child stops, this process stops; when it goes on, so does the
 * child.  Returns the status of waitpid(2).
 */
int supervisor_wait(pid_t child);

/* Collects a child that never became the program. */
void supervisor_reap(pid_t child);

#endif
