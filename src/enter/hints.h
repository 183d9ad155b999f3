/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hints for the caller where a step of act_enter() or act_run() failed; each adds to err. */
#ifndef NSCTL_ENTER_HINTS_H
#define NSCTL_ENTER_HINTS_H

#include "enter/part.h"

/* For a process that changed while it was read or entered; with its PID. */
#define HINT_CHANGED "try again once it has started up, or stop it first: kill -STOP %d"

/* setns(2) refused this type with number.  Returns -err->number. */
int hints_at_join(const struct plan *plan, enum ns_type type, int number, struct error *err);

/* No child could be created in the pid namespace.  Returns -err->number. */
int hints_at_fork(const struct plan *plan, struct error *err);

/* The program could not be executed. */
void hints_at_program(const struct enter_request *request, const struct plan *plan, struct error *err);

#endif
