/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The other end of outside.h: the process that stays outside, and carries out orders. */
#ifndef NSCTL_CREATE_OUTSIDE_SERVE_H
#define NSCTL_CREATE_OUTSIDE_SERVE_H

#include "create/creation.h"

/* Each is a byte.  All but ORDER_COMMIT are answered by a struct error, whose number is 0 for success. */
enum order {
	ORDER_MAPS,   /* write the id maps */
	ORDER_LAST,   /* make the namespaces last */
	ORDER_COMMIT, /* the program is about to be executed: what was made stays */
	ORDER_UNDO,   /* it could not be */
};

/*
 * Carries out orders until the creator and its child have closed their ends of the
 * channel: by ending, or by executing the program.  Without ORDER_COMMIT, whatever
 * ended them, nothing is left.  creation->self_fd is the directory of the process that
 * creates the namespaces.  Returns the status for _exit(2).
 */
int outside_serve(const struct creation *creation, int channel);

#endif
