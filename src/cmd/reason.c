/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/reason.h"

#include <errno.h>

bool reason_is_denial(int reason)
{
	return reason == EACCES || reason == EPERM;
}

const char *reason_word(int reason)
{
	if (reason_is_denial(reason))
		return "denied";
	return reason == ENOENT || reason == ESRCH ? "none" : "unknown";
}
