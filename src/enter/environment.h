/* The environment of the program: the caller's or the target's, and the variables of its user. */
#ifndef NSCTL_ENTER_ENVIRONMENT_H
#define NSCTL_ENTER_ENVIRONMENT_H

#include <stdbool.h>

#include "base/error.h"
#include "enter/request.h"
#include "proc/users.h"

struct plan;

struct environment {
	char **entries;  /* as environ(7) wants them */
	char **owned;    /* entries, where they are not the caller's; else NULL */
	char *text;      /* what entries points into, where it is the target's */
	bool is_damaged; /* the target has written over its own */
	/* What environment_set_user() sets. */
	char home[sizeof(((struct user *)0)->home) + 8];
	char user[sizeof(((struct user *)0)->name) + 8];
	char logname[sizeof(((struct user *)0)->name) + 8];
	char shell[sizeof(((struct user *)0)->shell) + 8];
};

/* Reads the target's environment, where that was asked for.  Returns 0 or a negative errno. */
int environment_plan(const struct enter_request *request, struct plan *plan, struct error *err);
void environment_free(struct environment *environment);

/*
 * Sets HOME, USER, LOGNAME and SHELL to those of the user.  Without an entry in
 * passwd(5) HOME is /, and the others are removed: the caller's are of another
 * user.  Returns 0 or -ENOMEM.
 */
int environment_set_user(struct environment *environment, const struct user *user, struct error *err);

/* Before the program, which is looked up in its PATH.  Returns 0. */
int environment_apply(const struct plan *plan, struct error *err);

#endif
