/* What each part of stepping in is made of: a struct in struct plan, and these functions. */
#ifndef NSCTL_ENTER_PART_H
#define NSCTL_ENTER_PART_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"
#include "enter/request.h"

struct plan;

/*
 * Opens and decides everything.  Changes nothing but the part's own struct, and
 * reads the parts planned before it.  Returns 0 or a negative errno.
 */
typedef int plan_fn(const struct enter_request *request, struct plan *plan, struct error *err);

/*
 * Does what was planned, and opens nothing by path after the join.  Returns 0,
 * or a negative errno; then err is either set or left to the caller.
 */
typedef int apply_fn(const struct plan *plan, struct error *err);

#endif
