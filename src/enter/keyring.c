/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "enter/keyring.h"

#include <errno.h>
#include <linux/keyctl.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "enter/plan.h"

int keyring_plan(const struct enter_request *request, struct plan *plan, struct error *err)
{
	(void)err;
	plan->joins_keyring =
	    !request->as_nsenter && (request->confined || plan_enters(plan, NS_MNT) ||
				     plan_enters(plan, NS_USER) || plan->configuration.is_of_other);
	return 0;
}

/* EPERM: a filter refuses keyctl(2), which the program inherits. */
int keyring_apply(const struct plan *plan, struct error *err)
{
	if (!plan->joins_keyring || syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) >= 0 ||
	    errno == ENOSYS || errno == EPERM)
		return 0;
	error_set_errno(err, errno, "cannot make a session keyring for the program");
	return err->number == EDQUOT ? error_hint(err, "the user's quota of keys is used up: keyrings(7)")
				     : -err->number;
}
