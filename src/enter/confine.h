/* SPDX-License-Identifier: GPL-2.0-or-later */
/* With `-S follow`: the program can gain no privileges that the target could not. */
#ifndef NSCTL_ENTER_CONFINE_H
#define NSCTL_ENTER_CONFINE_H

#include <stdbool.h>

#include "base/error.h"
#include "proc/privileges.h"

/* Limits of what the program may gain at exec; none if wanted is false. */
struct confinement {
	bool wanted;
	struct privileges most;
};

/*
 * Reads what the process may gain.  in_its_user_ns: whether the program will be
 * in the process's user namespace; elsewhere the process has no capabilities,
 * and the program must not gain any.  A new user namespace gives a full bounding
 * set, so this is valid only if the process is still in the same one afterwards:
 * instant_confirm() checks that.  Returns 0 or a negative errno.
 */
int confinement_read(const struct process *process, bool in_its_user_ns, struct confinement *confinement,
		     struct error *err);

/*
 * For a process with user 0: execve(2) gives a program of user 0 its whole bounding set,
 * unless the securebits (SECBIT_NOROOT, capabilities(7)) forbid that, which no other
 * process can read.  So the program gets no more than the process has.
 */
void confinement_limit_root(struct confinement *confinement);

/*
 * Removes from the bounding, inheritable and ambient sets what the process does
 * not have.  Must run in the user namespace of the program and before the user
 * changes: it requires CAP_SETPCAP there.  Returns 0 or a negative errno.
 */
int confinement_drop(const struct confinement *confinement, struct error *err);

/* Sets no_new_privs where the process has it.  Must be the last change of privileges.  Returns 0 or a
 * negative errno. */
int confinement_seal(const struct confinement *confinement, struct error *err);

#endif
