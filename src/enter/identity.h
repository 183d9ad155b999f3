/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Users and groups, from the passwd and group files below the program's root. */
#ifndef NSCTL_ENTER_IDENTITY_H
#define NSCTL_ENTER_IDENTITY_H

#include "enter/part.h"
#include "proc/passwd.h"

/*
 * Finds the user that the request names, else the one with this uid.  A uid
 * without an entry is no error: then the name is empty and the group has the
 * same number.  Returns 0, or a negative errno where a name has no entry.
 */
int identity_find_user(const struct enter_request *request, const struct plan *plan, uid_t uid,
		       struct user *user, struct error *err);

/* Finds the group of this name.  Returns 0 or a negative errno. */
int identity_find_group(const struct plan *plan, const char *name, gid_t *gid, struct error *err);

/*
 * Lists the groups that the group file gives the user, as initgroups(3) does
 * but for the primary one.  The caller frees *groups, which has room for one
 * more.  Returns 0 or a negative errno.
 */
int identity_list_groups(const struct plan *plan, const struct user *user, gid_t **groups, size_t *count,
			 struct error *err);

/*
 * Stores an id of the program as the caller sees it; (uint32_t)-1 where that is not known.
 * map_name: "uid_map" or "gid_map".  Returns 0 or a negative errno.
 */
int identity_find_outside(const struct plan *plan, const char *map_name, uint32_t inside, uint32_t *outside,
			  struct error *err);

#endif
