/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A hostile passwd(5) or group(5) file: what is found of a user is what a
 * simple reader finds.  The first line of the input is the name to look for.
 */
#include <errno.h>

#include "base/text.h"
#include "input.h"
#include "proc/groups.h"
#include "proc/passwd.h"

#define FIELDS_MAX 7

static char *split(char *text, char end)
{
	char *at = strchr(text, end);

	if (at)
		*at++ = '\0';
	return at;
}

/* Returns how many there are; the last one has all that is left. */
static size_t split_fields(char *line, size_t most, char *fields[FIELDS_MAX])
{
	size_t count = 0;

	while (line && count < most) {
		fields[count++] = line;
		line = count < most ? split(line, ':') : NULL;
	}
	return count;
}

static int is_member(char *members, const char *name)
{
	while (members) {
		char *next = split(members, ',');

		if (strcmp(members, name) == 0 && (members[0] != '\0' || next))
			return 1;
		members = next;
	}
	return 0;
}

static int to_id(const char *text, uint64_t *id)
{
	return text_parse_number(text, UINT32_MAX - 1, id);
}

static void check_groups(const char *text, const char *name)
{
	char *copy = strdup(text);
	gid_t *groups;
	size_t count;
	size_t found = 0;
	gid_t gid = 0;
	int ret = group_parse(text, name, &gid);
	int is_found = 0;

	if (group_parse_list(text, name, &groups, &count) < 0)
		abort();
	for (char *next, *line = copy; line; line = next) {
		char *fields[FIELDS_MAX];
		uint64_t id;

		next = split(line, '\n');
		if (split_fields(line, 4, fields) < 4 || !to_id(fields[2], &id))
			continue;
		if (!is_found && strcmp(fields[0], name) == 0) {
			is_found = 1;
			if (ret != 0 || gid != id)
				abort();
		}
		if (is_member(fields[3], name) && (found >= count || groups[found++] != id))
			abort();
	}
	if (found != count || (ret == 0) != is_found || (ret != 0 && ret != -ENOENT))
		abort();
	free(groups);
	free(copy);
}

static void check_user(const struct user *user)
{
	if (!memchr(user->name, '\0', sizeof(user->name)) ||
	    !memchr(user->shell, '\0', sizeof(user->shell)) ||
	    !memchr(user->home, '\0', sizeof(user->home)) || strpbrk(user->name, ":\n") ||
	    strpbrk(user->shell, ":\n") || strpbrk(user->home, ":\n") || user->uid == (uid_t)-1 ||
	    user->gid == (gid_t)-1)
		abort();
}

/* By name and by number the first is found. */
static void check_passwd(const char *text, const char *name)
{
	const char *rest = text;
	struct user user;
	struct user found;
	int has_name = 0;

	while (user_next(&rest, &user)) {
		check_user(&user);
		if (!user_parse(text, user.uid, &found) || found.uid != user.uid)
			abort();
		if (!user_parse_name(text, user.name, &found) || strcmp(found.name, user.name) != 0)
			abort();
		has_name |= strcmp(user.name, name) == 0;
	}
	if (user_parse_name(text, name, &found) != has_name || *rest != '\0')
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *name = to_text(data, size);
	const char *text = split(name, '\n');

	if (text) {
		check_groups(text, name);
		check_passwd(text, name);
	}
	free(name);
	return 0;
}
