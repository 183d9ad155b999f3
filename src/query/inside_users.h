/* The names that users have inside: in the /etc/passwd that their processes see. */
#ifndef NSCTL_QUERY_INSIDE_USERS_H
#define NSCTL_QUERY_INSIDE_USERS_H

#include "query/rows.h"

/* All zero is empty. */
struct inside_users {
	char **names; /* by row; NULL: the user has none there */
	size_t count;
};

/*
 * Looks up the names of details.inside of all rows, which have tasks, each in
 * the passwd file below the root of its task.  A file is read once, whoever
 * sees it; it may be hostile, see user_find(), and so may the server of the file
 * system that it is on: names that do not come are counted as unanswered.
 * Returns 0 or -ENOMEM.
 */
int inside_users_load(struct inside_users *users, const struct snapshot *snapshot, const struct rows *rows);

/* The name for a row, or NULL; valid until inside_users_free(). */
const char *inside_users_name(const struct inside_users *users, size_t row);

void inside_users_free(struct inside_users *users);
#define AUTO_INSIDE_USERS __attribute__((cleanup(inside_users_free)))

#endif
