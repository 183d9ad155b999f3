/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The program in a child of the process that created the namespaces. */
#ifndef NSCTL_CREATE_IN_CHILD_H
#define NSCTL_CREATE_IN_CHILD_H

#include "create/create.h"

/*
 * Runs the program in a child, once the namespaces were made to last and the
 * observer was called; waits for its end.  The parameters are those of create_run().
 */
int in_child_run(struct creation *creation, const struct create_observer *observer,
		 struct create_result *result, struct error *err);

#endif
