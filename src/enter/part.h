/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The shape of each part of stepping in: a struct in struct plan, and these functions. */
#ifndef NSCTL_ENTER_PART_H
#define NSCTL_ENTER_PART_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"
#include "enter/request.h"

struct plan;

/*
 * Opens and decides everything, from the request and the parts planned before it.
 * Changes nothing outside the plan.  Returns 0 or a negative errno.
 */
typedef int plan_fn(const struct enter_request *request, struct plan *plan, struct error *err);

/*
 * Does what was planned.  After the join it must not trust a path: files are the
 * target's then.  Returns 0, or a negative errno; a step that fails without an
 * explanation leaves err as it is.
 */
typedef int apply_fn(const struct plan *plan, struct error *err);

#endif
