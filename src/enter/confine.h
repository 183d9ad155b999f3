/* With `-S follow`: the program can gain no privileges that the target could not. */
#ifndef NSCTL_ENTER_CONFINE_H
#define NSCTL_ENTER_CONFINE_H

#include <stdbool.h>

#include "base/error.h"
#include "proc/privileges.h"

/* All that the program may gain at exec; wanted false: leave everything as it is. */
struct confinement {
	bool wanted;
	struct privileges most;
};

/*
 * Reads what the process may gain.  in_its_user_ns: whether the program will be
 * in the process's user namespace; elsewhere the process has no capabilities,
 * and the program cannot gain any.  A new user namespace gives a full bounding
 * set: what is read here is only true if the process is found in the same one
 * afterwards, which instant_confirm() sees to.  Returns 0 or a negative errno.
 */
int confinement_read(const struct process *process, bool in_its_user_ns, struct confinement *confinement,
		     struct error *err);

/*
 * Takes what the process does not have out of the bounding, inheritable and
 * ambient sets.  In the user namespace of the program, while the caller still
 * has CAP_SETPCAP there: before the user changes.  Returns 0 or a negative errno.
 */
int confinement_drop(const struct confinement *confinement, struct error *err);

/* Sets no_new_privs, if the process has it: the last change of privileges.  Returns 0 or a negative errno. */
int confinement_seal(const struct confinement *confinement, struct error *err);

#endif
