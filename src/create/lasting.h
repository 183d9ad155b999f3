/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of a creation that outlive the program: mounts and names of namespaces, and their network. */
#ifndef NSCTL_CREATE_LASTING_H
#define NSCTL_CREATE_LASTING_H

#include "create/creation.h"

/* The record by which a creation is undone, in the caller's namespaces. */
struct lasting {
	const struct creation *creation;
	int files[NS_TYPE_COUNT];       /* where they are mounted; -1 */
	int directories[NS_TYPE_COUNT]; /* that of a file that was created, O_PATH; -1 */
	bool is_mounted[NS_TYPE_COUNT];
	bool is_named;
	int pasta; /* a pidfd; -1: it was not started */
};

struct lasting lasting_start(const struct creation *creation);

/* Mounts, connects and names the namespaces.  After an error nothing is left.  Returns 0 or a negative errno.
 */
int lasting_make(struct lasting *lasting, struct error *err);

/* Undoes all of it. */
void lasting_undo(struct lasting *lasting);

/* Ends what lasts no longer than the program. */
void lasting_end(struct lasting *lasting);

#endif
