/* Who the program runs as: user, group, supplementary groups, capabilities. */
#ifndef NSCTL_ENTER_CREDENTIALS_H
#define NSCTL_ENTER_CREDENTIALS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"
#include "enter/confine.h"
#include "enter/request.h"

struct plan;

struct credentials {
	bool set_groups; /* setgroups(2) once inside */
	bool set_gid;
	bool set_uid;
	bool keep_caps;
	bool drop_groups_first; /* inside it may be too late: the user namespace may deny setgroups(2) */
	bool groups_optional;   /* inside, the denial is no error */
	uid_t uid;              /* ids are as seen inside */
	gid_t gid;
	gid_t *groups;
	size_t group_count;
	struct confinement confinement;
};

/* Decides all of it; gives plan->environment the variables of a user that was asked for. */
int credentials_plan(const struct enter_request *request, struct plan *plan, struct error *err);
void credentials_free(struct credentials *credentials);

/* Before the join: the groups that cannot be dropped inside.  Returns 0 or a negative errno. */
int credentials_drop_groups(const struct plan *plan, struct error *err);

/* Inside: groups, group, user, capabilities, in this order.  Returns 0 or a negative errno. */
int credentials_apply(const struct plan *plan, struct error *err);

#endif
