/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "proc/passwd.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "proc/fields.h"

enum { FIELD_NAME, FIELD_PASSWORD, FIELD_UID, FIELD_GID, FIELD_GECOS, FIELD_HOME, FIELD_SHELL, FIELD_COUNT };

static bool parse_user(const struct field fields[FIELD_COUNT], struct user *user)
{
	const struct field *shell = &fields[FIELD_SHELL];

	if (memchr(shell->start, ':', shell->length) || !field_to_id(&fields[FIELD_UID], &user->uid) ||
	    !field_to_id(&fields[FIELD_GID], &user->gid))
		return false;
	if (!field_copy(&fields[FIELD_HOME], user->home, sizeof(user->home)))
		user->home[0] = '\0';
	return field_copy(&fields[FIELD_NAME], user->name, sizeof(user->name)) &&
	       field_copy(shell, user->shell, sizeof(user->shell));
}

bool user_next(const char **text, struct user *user)
{
	struct field fields[FIELD_COUNT];

	while (fields_next(text, fields, FIELD_COUNT)) {
		if (parse_user(fields, user))
			return true;
	}
	return false;
}

/* name: NULL to find the user by uid. */
static bool find_in_text(const char *text, const char *name, uid_t uid, struct user *user)
{
	while (user_next(&text, user)) {
		if (name ? strcmp(user->name, name) == 0 : user->uid == uid)
			return true;
	}
	return false;
}

bool user_parse(const char *text, uid_t uid, struct user *user)
{
	return find_in_text(text, NULL, uid, user);
}

bool user_parse_name(const char *text, const char *name, struct user *user)
{
	return find_in_text(text, name, 0, user);
}

static int find_in_root(int root_fd, const char *name, uid_t uid, struct user *user)
{
	AUTO_FREE char *text = NULL;
	int ret = fields_load(root_fd, "/etc/passwd", &text);

	if (ret < 0)
		return ret;
	return find_in_text(text, name, uid, user) ? 0 : -ENOENT;
}

int user_find(int root_fd, uid_t uid, struct user *user)
{
	return find_in_root(root_fd, NULL, uid, user);
}

int user_find_name(int root_fd, const char *name, struct user *user)
{
	return find_in_root(root_fd, name, 0, user);
}
