/* Entering the chosen namespaces: in which order, by which setns(2), and whether it led there. */
#ifndef NSCTL_ENTER_JOIN_H
#define NSCTL_ENTER_JOIN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "enter/request.h"

struct plan;

/* One setns(2): an nsfs descriptor and its type, or a pidfd and all types at once. */
struct setns_call {
	int fd; /* borrowed from the plan */
	ns_type_set types;
};

struct join {
	struct setns_call calls[NS_TYPE_COUNT];
	size_t count;
	bool by_pidfd; /* one call enters the namespaces that the process has then */
};

/* Orders the calls; opens the namespaces where one pidfd will not do.  Returns 0 or a negative errno. */
int join_plan(const struct enter_request *request, struct plan *plan, struct error *err);

/*
 * Enters the namespaces, and checks that they are those of the plan: -EAGAIN
 * where the process has changed them.  Returns 0 or a negative errno.
 */
int join_apply(const struct plan *plan, struct error *err);

#endif
