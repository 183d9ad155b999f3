/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "create/reasons_shared.h"

#include "proc/restrictions.h"

int reasons_explain(reason_fn *const *causes, ns_type_set types, struct error *err)
{
	while (*causes && !(*causes)(types, err))
		causes++;
	return -err->number;
}

bool reason_is_apparmor_inside(ns_type_set types, struct error *err)
{
	(void)types;
	if (!restrictions_took_capabilities())
		return false;
	error_explain(err,
		      "AppArmor's profile unprivileged_userns denies all capabilities in the user namespace");
	error_hint(err, HINT_AT_APPARMOR);
	return true;
}

bool reason_may_be_seccomp(ns_type_set types, struct error *err)
{
	(void)types;
	if (!restrictions_has_seccomp())
		return false;
	error_explain(err, "a seccomp filter applies to the caller and may refuse it");
	error_hint(err,
		   "in a container: start it with --security-opt seccomp=unconfined, or --cap-add SYS_ADMIN; "
		   "in a service: see SystemCallFilter= and RestrictNamespaces=");
	return true;
}

bool reason_may_be_module(ns_type_set types, struct error *err)
{
	char label[128];

	(void)types;
	if (restrictions_read_label(label, sizeof(label)))
		error_explain(err, "a security module may refuse it to the label '%s'", label);
	else
		error_explain(err, "a security module may refuse it");
	error_hint(err, "look for a denial in the kernel's log: journalctl -k or dmesg");
	return true;
}
