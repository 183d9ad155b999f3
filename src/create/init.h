/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The first process of a new pid namespace, with the program as its child. */
#ifndef NSCTL_CREATE_INIT_H
#define NSCTL_CREATE_INIT_H

#include "base/error.h"

struct creation;

/*
 * Called by the first process.  Runs become_program(context) in a child, where it
 * executes the program; forwards signals to it, and collects every process whose
 * parent has ended (pid_namespaces(7)).  Returns when the program has ended, with
 * the status for _exit(2): the kernel then ends all others.
 */
int init_run(struct creation *creation, int (*become_program)(void *context), void *context,
	     struct error *err);

#endif
