/* The names of this system's users. */
#ifndef NSCTL_PROC_USER_NAMES_H
#define NSCTL_PROC_USER_NAMES_H

#include <stddef.h>
#include <sys/types.h>

#include "base/map.h"

/* All zero is empty: names are looked up when they are first asked for. */
struct user_names {
	struct map by_uid;
	char **names;
	size_t count;
	size_t capacity;
};

/*
 * The name of a user: from /etc/passwd, else, where /etc/nsswitch.conf names
 * another source, from getent(1), as a static program can load no NSS module;
 * else the number as text.  NULL only without memory.  Never call it inside a
 * container's namespaces.
 */
const char *user_names_find(struct user_names *names, uid_t uid);

void user_names_free(struct user_names *names);
#define AUTO_USER_NAMES __attribute__((cleanup(user_names_free)))

#endif
