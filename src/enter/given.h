/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options for targets that are namespaces: a kept name is entered like a process. */
#ifndef NSCTL_ENTER_GIVEN_H
#define NSCTL_ENTER_GIVEN_H

#include "enter/part.h"
#include "target/target.h"

/*
 * Opens a target of the request.  A kept name that is the only target yields
 * the types that the options name, or without such an option all that it has;
 * not those for which the request has a FILE.  The caller closes opened, also
 * after an error.  Returns 0; -ENOENT where a name has none of these types; or
 * another negative errno.
 */
int given_open(const struct enter_request *request, const struct target *given, struct opened_target *opened,
	       struct error *err);

/* Checks that each type that the options name was given, where no process has the others: 0 or a negative
 * errno. */
int given_check(const struct enter_request *request, const struct plan *plan, struct error *err);

/* The kept name that is the only target, as it was written; NULL: there is none. */
const char *given_name(const struct enter_request *request);

#endif
