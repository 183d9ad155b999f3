/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "proc/groups.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "proc/fields.h"

enum { FIELD_NAME, FIELD_PASSWORD, FIELD_GID, FIELD_MEMBERS, FIELD_COUNT };

/* Stores the next line that has an id, and moves *text behind it. */
static bool next_group(const char **text, struct field fields[FIELD_COUNT], gid_t *gid)
{
	while (fields_next(text, fields, FIELD_COUNT)) {
		if (field_to_id(&fields[FIELD_GID], gid))
			return true;
	}
	return false;
}

static bool has_member(const struct field *members, const char *user)
{
	const char *at = members->start;
	const char *end = at + members->length;

	while (at < end) {
		const char *comma = memchr(at, ',', (size_t)(end - at));
		size_t length = (size_t)((comma ? comma : end) - at);

		if (text_is_word(at, length, user))
			return true;
		at += length + 1;
	}
	return false;
}

int group_parse(const char *text, const char *name, gid_t *gid)
{
	struct field fields[FIELD_COUNT];
	gid_t found;

	while (next_group(&text, fields, &found)) {
		if (!text_is_word(fields[FIELD_NAME].start, fields[FIELD_NAME].length, name))
			continue;
		*gid = found;
		return 0;
	}
	return -ENOENT;
}

int group_parse_list(const char *text, const char *user, gid_t **groups, size_t *count)
{
	struct field fields[FIELD_COUNT];
	gid_t gid;
	size_t capacity = 0;

	*groups = array_reserve(NULL, &capacity, 0, sizeof(**groups));
	*count = 0;
	if (!*groups)
		return -ENOMEM;
	while (next_group(&text, fields, &gid)) {
		gid_t *larger;

		if (!has_member(&fields[FIELD_MEMBERS], user))
			continue;
		(*groups)[(*count)++] = gid;
		larger = array_reserve(*groups, &capacity, *count, sizeof(**groups));
		if (!larger)
			return -ENOMEM;
		*groups = larger;
	}
	return 0;
}

int group_find(int root_fd, const char *name, gid_t *gid)
{
	AUTO_FREE char *text = NULL;
	int ret = fields_load(root_fd, "/etc/group", &text);

	return ret < 0 ? ret : group_parse(text, name, gid);
}

int group_list(int root_fd, const char *user, gid_t **groups, size_t *count)
{
	AUTO_FREE char *text = NULL;
	int ret = fields_load(root_fd, "/etc/group", &text);

	*groups = NULL;
	*count = 0;
	if (ret < 0 && ret != -ENOENT)
		return ret;
	return group_parse_list(ret < 0 ? "" : text, user, groups, count);
}
