/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why a map of a user namespace, or its setgroups file, cannot be written. */
#include <errno.h>

#include "create/reasons.h"

int reasons_of_map(enum id_kind kind, const struct id_map_plan *plan, int number, struct error *err)
{
	if (plan->writer == ID_MAP_PROGRAM)
		return -number;
	return error_set_errno(err, number, "cannot write %s", id_kind_names(kind)->map);
}

int reasons_of_setgroups_file(enum setgroups_choice choice, int number, struct error *err)
{
	return error_set_errno(err, number, "cannot %s setgroups(2) in the user namespace",
			       choice == SETGROUPS_DENY ? "deny" : "allow");
}
