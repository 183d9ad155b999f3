/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The program's supplementary groups. */
#ifndef NSCTL_ENTER_SUPPLEMENTARY_H
#define NSCTL_ENTER_SUPPLEMENTARY_H

#include "enter/part.h"
#include "proc/passwd.h"
#include "proc/status.h"

/* Translates the target's ids into those of the user namespace that is entered. */
struct translation {
	bool known; /* false: the namespace comes from a file, and has no process to ask */
	struct id_map uids;
	struct id_map gids;
};

/* Whether the user namespace that is entered denies setgroups(2), as far as its process shows that. */
bool supplementary_is_denied(const struct plan *plan);

/* Whether the caller has exactly these groups: setgroups(2), which requires CAP_SETGID, is not needed then.
 */
bool supplementary_has_already(const gid_t *groups, size_t count);

/*
 * Decides the supplementary groups in plan->credentials, after its ids: those of
 * the target with "follow", those of the user with --init-groups, else the
 * primary group alone; all stay where neither user nor group changes.  Where the
 * user namespace denies setgroups(2), they are dropped before the join.  user is
 * the program's, where the request names one.  Returns 0 or a negative errno.
 */
int supplementary_decide(const struct enter_request *request, struct plan *plan,
			 const struct translation *translation, const struct user *user, struct error *err);

#endif
