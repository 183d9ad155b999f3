/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "proc/id_kind.h"

#include <linux/capability.h>

static const struct id_kind_names names[ID_KIND_COUNT] = {
    [ID_USERS] = {.noun = "user",
		  .map = "uid_map",
		  .subids = "/etc/subuid",
		  .program = "newuidmap",
		  .option = "--map-users",
		  .capability = CAP_SETUID,
		  .cap_name = "CAP_SETUID"},
    [ID_GROUPS] = {.noun = "group",
		   .map = "gid_map",
		   .subids = "/etc/subgid",
		   .program = "newgidmap",
		   .option = "--map-groups",
		   .capability = CAP_SETGID,
		   .cap_name = "CAP_SETGID"},
};

const struct id_kind_names *id_kind_names(enum id_kind kind)
{
	return &names[kind];
}
