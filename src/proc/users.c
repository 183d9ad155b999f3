#include "proc/users.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/text.h"

#define PASSWD_LIMIT (1U << 20)
enum { FIELD_NAME, FIELD_PASSWORD, FIELD_UID, FIELD_GID, FIELD_GECOS, FIELD_HOME, FIELD_SHELL, FIELD_COUNT };

struct field {
	const char *start;
	size_t length;
};

static bool split(const char *line, size_t length, struct field fields[FIELD_COUNT])
{
	const char *end = line + length;

	for (size_t i = 0; i < FIELD_COUNT; i++) {
		const char *colon = memchr(line, ':', (size_t)(end - line));
		bool last = i == FIELD_COUNT - 1;

		if (!colon != last)
			return false;
		fields[i].start = line;
		fields[i].length = (size_t)((last ? end : colon) - line);
		line = last ? end : colon + 1;
	}
	return true;
}

static bool copy(const struct field *field, char *out, size_t size)
{
	if (field->length >= size)
		return false;
	memcpy(out, field->start, field->length);
	out[field->length] = '\0';
	return true;
}

/* The largest number is no id: to setresuid(2) it means "as before". */
static bool to_id(const struct field *field, uint64_t *id)
{
	char digits[16];

	return copy(field, digits, sizeof(digits)) && text_parse_number(digits, UINT32_MAX - 1, id);
}

/* Where name is NULL, the user is the one with this uid. */
static bool is_wanted(const struct field *name_field, uint64_t id, const char *name, uid_t uid)
{
	if (!name)
		return id == uid;
	return strlen(name) == name_field->length && memcmp(name_field->start, name, name_field->length) == 0;
}

static bool parse_line(const char *line, size_t length, const char *name, uid_t uid, struct user *user)
{
	struct field fields[FIELD_COUNT];
	uint64_t id;
	uint64_t gid;

	if (!split(line, length, fields) || !to_id(&fields[FIELD_UID], &id) ||
	    !is_wanted(&fields[FIELD_NAME], id, name, uid) || !to_id(&fields[FIELD_GID], &gid))
		return false;
	user->uid = (uid_t)id;
	user->gid = (gid_t)gid;
	if (!copy(&fields[FIELD_HOME], user->home, sizeof(user->home)))
		user->home[0] = '\0';
	return copy(&fields[FIELD_NAME], user->name, sizeof(user->name)) &&
	       copy(&fields[FIELD_SHELL], user->shell, sizeof(user->shell));
}

static bool parse(const char *text, const char *name, uid_t uid, struct user *user)
{
	while (*text) {
		size_t length = strcspn(text, "\n");

		if (parse_line(text, length, name, uid, user))
			return true;
		text += length;
		if (*text == '\n')
			text++;
	}
	return false;
}

bool user_parse(const char *text, uid_t uid, struct user *user)
{
	return parse(text, NULL, uid, user);
}

bool user_parse_name(const char *text, const char *name, struct user *user)
{
	return parse(text, name, 0, user);
}

static int find(int root_fd, const char *name, uid_t uid, struct user *user)
{
	AUTO_FREE char *text = malloc(PASSWD_LIMIT + 1);
	ssize_t length;

	if (!text)
		return -ENOMEM;
	length = file_read_in_root(root_fd, "/etc/passwd", text, PASSWD_LIMIT + 1);
	if (length < 0)
		return (int)length;
	return parse(text, name, uid, user) ? 0 : -ENOENT;
}

int user_find(int root_fd, uid_t uid, struct user *user)
{
	return find(root_fd, NULL, uid, user);
}

int user_find_name(int root_fd, const char *name, struct user *user)
{
	return find(root_fd, name, 0, user);
}
