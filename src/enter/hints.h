/* What a caller can do where a step of act_enter() or act_run() failed. */
#ifndef NSCTL_ENTER_HINTS_H
#define NSCTL_ENTER_HINTS_H

#include "enter/part.h"

/* err says that setns(2) refused this type with number: adds what would help. */
void hints_at_join(const struct plan *plan, enum ns_type type, int number, struct error *err);

/* err says that no child could be made in the pid namespace. */
void hints_at_fork(const struct plan *plan, struct error *err);

/* err says that the program could not be executed. */
void hints_at_program(const struct enter_request *request, const struct plan *plan, struct error *err);

#endif
