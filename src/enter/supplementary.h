/* Which supplementary groups the program has. */
#ifndef NSCTL_ENTER_SUPPLEMENTARY_H
#define NSCTL_ENTER_SUPPLEMENTARY_H

#include "enter/part.h"
#include "proc/status.h"
#include "proc/users.h"

/* What the ids of the target are in the user namespace that is entered. */
struct translation {
	bool known; /* false: the namespace comes from a file, and has no process to ask */
	struct id_map uids;
	struct id_map gids;
};

/*
 * Decides the supplementary groups in plan->credentials, whose ids are decided:
 * the target's where they are followed, those of the user with --init-groups,
 * else the primary group alone.  user is the one of the program, where the
 * request names one.  Returns 0 or a negative errno.
 */
int supplementary_decide(const struct enter_request *request, struct plan *plan,
			 const struct translation *translation, const struct user *user, struct error *err);

#endif
