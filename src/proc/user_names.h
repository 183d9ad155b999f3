/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of this system's users. */
#ifndef NSCTL_PROC_USER_NAMES_H
#define NSCTL_PROC_USER_NAMES_H

#include <stddef.h>
#include <sys/types.h>

#include "base/map.h"

struct user_name {
	uid_t uid;
	char *name; /* NULL: not looked up yet */
};

/* All zero is empty. */
struct user_names {
	struct map by_uid;
	struct user_name *users;
	size_t count;
	size_t capacity;
};

/* Asks for the name of a user, which user_names_load() looks up.  Returns 0 or -ENOMEM. */
int user_names_want(struct user_names *names, uid_t uid);

/*
 * Looks up all names that were asked for: in /etc/passwd; then, if some are
 * missing and /etc/nsswitch.conf names another source, by one run of getent(1), as
 * a static program cannot load NSS modules; else the name is the uid as text.
 * Never call it inside a container's namespaces.  Returns 0 or -ENOMEM.
 */
int user_names_load(struct user_names *names);

/* Returns the name of a user that was asked for and loaded; valid until user_names_free(). */
const char *user_names_find(const struct user_names *names, uid_t uid);

void user_names_free(struct user_names *names);
#define AUTO_USER_NAMES __attribute__((cleanup(user_names_free)))

#endif
