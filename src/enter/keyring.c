/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "enter/keyring.h"

#include <errno.h>
#include <linux/keyctl.h>
#include <stdbool.h>
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

/* By a seccomp filter of the caller: the program inherits that. */
static bool is_refused_in_general(void)
{
	return syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0) < 0 && errno == EPERM;
}

int keyring_apply(const struct plan *plan, struct error *err)
{
	if (!plan->joins_keyring || syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) >= 0)
		return 0;
	error_set_errno(err, errno, "cannot make a session keyring for the program");
	if (err->number == ENOSYS || (err->number == EPERM && is_refused_in_general()))
		return 0;
	return err->number == EDQUOT ? error_hint(err, "the user's quota of keys is used up: keyrings(7)")
				     : -err->number;
}
