/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The environment of the program: the caller's or the target's, and the variables of its user. */
#ifndef NSCTL_ENTER_ENVIRONMENT_H
#define NSCTL_ENTER_ENVIRONMENT_H

#include "enter/part.h"
#include "proc/passwd.h"

struct environment {
	char **entries;                       /* as environ(7) wants them */
	char **owned;                         /* entries, where they are not the caller's; else NULL */
	char *text;                           /* what entries points into, where it is the target's */
	bool is_of_container;                 /* credentials_plan() adds the variables of the user */
	bool is_damaged;                      /* the target has overwritten a part of it */
	char of_user[4][sizeof(struct user)]; /* what environment_set_user() sets */
};

plan_fn environment_plan;
apply_fn environment_apply; /* before the program, which is looked up in its PATH */
void environment_free(struct environment *environment);

/*
 * Sets HOME, USER, LOGNAME and SHELL to those of the user.  Without an entry in
 * passwd(5) HOME is /, and the others are removed: the caller's are of another
 * user.  Returns 0 or -ENOMEM.
 */
int environment_set_user(struct environment *environment, const struct user *user, struct error *err);

#endif
