/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Causes that several calls have in common.  Each adds itself to err, or returns false where it does not
 * apply. */
#ifndef NSCTL_CREATE_REASONS_SHARED_H
#define NSCTL_CREATE_REASONS_SHARED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "ns/type.h"

/* One possible cause.  types: those that were to be created, or have been. */
typedef bool reason_fn(ns_type_set types, struct error *err);

/* Adds the first cause of the list, which ends with NULL.  Returns -err->number. */
int reasons_explain(reason_fn *const *causes, ns_type_set types, struct error *err);

/* AppArmor let the user namespace be created, without capabilities in it. */
reason_fn reason_is_apparmor_inside;

/* A filter of system calls may refuse the call. */
reason_fn reason_may_be_seccomp;

/* A security module may refuse the call: always applies. */
reason_fn reason_may_be_module;

#define HINT_AT_APPARMOR                                                                                     \
	"give nsctl an AppArmor profile that has 'userns,', or as root: "                                    \
	"sysctl kernel.apparmor_restrict_unprivileged_userns=0"

#endif
