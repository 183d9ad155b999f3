/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The first process of a new pid namespace, with the program as its child. */
#ifndef NSCTL_CREATE_INIT_H
#define NSCTL_CREATE_INIT_H

#include "create/creation.h"
#include "run/supervise.h"

/*
 * Called by the first process.  Runs the program in a child; forwards signals to it,
 * and collects every process whose parent has ended (pid_namespaces(7)).  program:
 * its started() is called in the first process, which has closed all descriptors but the
 * standard ones.  Returns 0 when the program has ended, and in *status what is for
 * _exit(2): the kernel then ends all others.  Returns a negative errno where no child
 * could be created, and then has not called started().
 */
int init_run(const struct creation *creation, const struct supervised *program, int *status,
	     struct error *err);

#endif
