/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The credentials of the program: user, group, supplementary groups, capabilities. */
#ifndef NSCTL_ENTER_CREDENTIALS_H
#define NSCTL_ENTER_CREDENTIALS_H

#include "enter/confine.h"
#include "enter/part.h"

struct credentials {
	bool set_groups; /* setgroups(2) once inside */
	bool set_gid;
	bool set_uid;
	bool keep_caps;
	bool drop_groups_first; /* before the join: the user namespace may deny setgroups(2) */
	bool groups_optional;   /* a denial inside is no error */
	uid_t uid;              /* ids are as seen inside */
	gid_t gid;
	gid_t *groups;
	size_t group_count;
	struct confinement confinement;
};

plan_fn credentials_plan;         /* also sets the variables of the user in plan->environment */
apply_fn credentials_drop_groups; /* before the join: the groups that cannot be dropped inside */
apply_fn credentials_apply;       /* inside: groups, group, user, capabilities, in this order */

/* The two halves of credentials_apply(), without the capabilities: groups and group, then the user. */
int credentials_become_groups(const struct plan *plan, struct error *err);
int credentials_become_user(const struct plan *plan, struct error *err);

/*
 * Whether the program will be in the user namespace of the process: elsewhere the
 * process has no capabilities.
 */
bool credentials_share_user_ns(const struct plan *plan);

void credentials_free(struct credentials *credentials);

#endif
