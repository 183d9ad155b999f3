/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Carries the creation out, step by step, and runs the program. */
#ifndef NSCTL_CREATE_CREATE_H
#define NSCTL_CREATE_CREATE_H

#include "create/creation.h"

/* The result of running the program. */
struct create_result {
	bool exec_failed; /* execve(2) failed; err->number says why: ENOENT: the program was not found */
	int status;       /* as waitpid(2) reports it, where it ran in a child */
	bool is_over;     /* it ran longer than it was allowed to */
};

/* The program's process, or the first one of its pid namespace. */
struct create_process {
	pid_t pid;        /* as the caller sees it */
	pid_t pid_inside; /* as it sees itself */
};

/* Called once the program's process exists, before it executes the program. */
struct create_observer {
	/* Returns 0, or a negative errno with err: then the program is not executed. */
	int (*created)(void *context, const struct creation *creation, const struct create_process *process,
		       struct error *err);
	void *context;
};

/*
 * Creates the namespaces and runs the program, in this process or in a child.
 * Without a child it returns only on failure; the caller must exit then, as the
 * process is in new namespaces.  observer: NULL, or with a child.  Returns 0
 * when the program has ended, or a negative errno.
 */
int create_run(struct creation *creation, const struct create_observer *observer,
	       struct create_result *result, struct error *err);

/* Does all that create_run() does but run a program, and leaves nothing behind: whether it is permitted. */
int create_try(struct creation *creation, struct error *err);

#endif
