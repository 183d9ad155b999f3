/* Which of the caller's open files the program inherits. */
#ifndef NSCTL_ENTER_DESCRIPTORS_H
#define NSCTL_ENTER_DESCRIPTORS_H

#include <stdbool.h>

#include "base/error.h"
#include "enter/request.h"

struct plan;

/* What closes when the program executes. */
struct descriptors {
	bool keeps_all;        /* nothing */
	bool directories_only; /* else: of those from first on */
	unsigned int first;
};

/*
 * nsctl's own descriptors close at exec anyway.  Of the caller's, enter keeps
 * those that were asked for.  nsenter keeps all, for scripts that count on
 * it, but directories where the root changes: they are a way out of it
 * (CVE-2024-21626).  Returns 0, or -EBADF where one to be kept is not open.
 */
int descriptors_plan(const struct enter_request *request, struct plan *plan, struct error *err);

/*
 * Before the join, as it may read /proc/self/fd: sets the close-on-exec flags.
 * Returns 0 or a negative errno.
 */
int descriptors_apply(const struct plan *plan, struct error *err);

#endif
