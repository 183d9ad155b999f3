/* The names that users have inside: in the /etc/passwd that their processes see. */
#ifndef NSCTL_QUERY_INSIDE_USERS_H
#define NSCTL_QUERY_INSIDE_USERS_H

#include "base/map.h"
#include "snapshot/snapshot.h"

/* All zero is empty.  A file is read once for each mnt namespace, root directory and user. */
struct inside_users {
	struct map by_place;
	char **names; /* NULL: the user has none there */
	size_t count;
	size_t capacity;
};

/*
 * The name of uid in the passwd file below the root of a task, a file that may
 * be hostile; see user_find().  NULL where it has none, or it may not be read,
 * or the task is no longer there.  Valid until inside_users_free().
 */
const char *inside_users_find(struct inside_users *users, const struct snapshot *snapshot, uint32_t task,
			      uid_t uid);

void inside_users_free(struct inside_users *users);

#endif
