/* The names of users inside: from the /etc/passwd that their processes see. */
#ifndef NSCTL_QUERY_INSIDE_USERS_H
#define NSCTL_QUERY_INSIDE_USERS_H

#include "query/rows.h"

/* All zero is empty. */
struct inside_users {
	char **names; /* by row; NULL: the user has none there */
	size_t count;
};

/*
 * Looks up the user details.inside of each row in the passwd file below the root
 * of its task; all rows have tasks.  Each file is read once.  It may be hostile,
 * see user_find(), and its file system may never answer: then its names count as
 * unanswered.  Returns 0 or -ENOMEM.
 */
int inside_users_load(struct inside_users *users, const struct snapshot *snapshot, const struct rows *rows);

/* Returns the name for a row, or NULL; valid until inside_users_free(). */
const char *inside_users_name(const struct inside_users *users, size_t row);

void inside_users_free(struct inside_users *users);

#endif
