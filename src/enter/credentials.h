/* The steps that change who the process is; plan_credentials() decided them. */
#ifndef NSCTL_ENTER_CREDENTIALS_H
#define NSCTL_ENTER_CREDENTIALS_H

#include "enter/plan.h"

/* Before the first setns(2).  Returns 0 or a negative errno. */
int credentials_drop_groups(const struct credentials *credentials, struct error *err);

/* Inside: groups, group, user, capabilities, in this order.  Returns 0 or a negative errno. */
int credentials_apply(const struct credentials *credentials, struct error *err);

#endif
