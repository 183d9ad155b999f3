/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The session keyring of the program. */
#ifndef NSCTL_ENTER_KEYRING_H
#define NSCTL_ENTER_KEYRING_H

#include "enter/part.h"

/*
 * A program in another mnt or user namespace, or a confined one, does not get the caller's
 * session keyring: whoever possesses it can read its keys, in any user namespace
 * (session-keyring(7)).  Not as nsenter, which passes it on.
 */
plan_fn keyring_plan;

/* In the process that becomes the program: joins a new, anonymous session keyring. */
apply_fn keyring_apply;

#endif
