#include "proc/users.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/bounded.h"
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

static bool parse_line(const char *line, size_t length, struct user *user)
{
	struct field fields[FIELD_COUNT];
	uint64_t id;
	uint64_t gid;

	if (!split(line, length, fields) || !to_id(&fields[FIELD_UID], &id) ||
	    !to_id(&fields[FIELD_GID], &gid))
		return false;
	user->uid = (uid_t)id;
	user->gid = (gid_t)gid;
	if (!copy(&fields[FIELD_HOME], user->home, sizeof(user->home)))
		user->home[0] = '\0';
	return copy(&fields[FIELD_NAME], user->name, sizeof(user->name)) &&
	       copy(&fields[FIELD_SHELL], user->shell, sizeof(user->shell));
}

bool user_next(const char **text, struct user *user)
{
	while (**text) {
		const char *line = *text;
		size_t length = strcspn(line, "\n");

		*text = line + length + (line[length] == '\n');
		if (parse_line(line, length, user))
			return true;
	}
	return false;
}

/* Where name is NULL, the user is the one with this uid. */
static bool parse(const char *text, const char *name, uid_t uid, struct user *user)
{
	while (user_next(&text, user)) {
		if (name ? strcmp(user->name, name) == 0 : user->uid == uid)
			return true;
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

int users_load(int root_fd, char **text)
{
	ssize_t length;

	*text = malloc(PASSWD_LIMIT + 1);
	if (!*text)
		return -ENOMEM;
	length = file_read_in_root(root_fd, "/etc/passwd", *text, PASSWD_LIMIT + 1);
	return length < 0 ? (int)length : 0;
}

struct wanted_user {
	int root_fd;
	const char *name; /* NULL: by uid */
	uid_t uid;
};

static int find_in_helper(size_t item, struct bounded_reply *reply, void *context)
{
	const struct wanted_user *wanted = context;
	AUTO_FREE char *text = NULL;
	struct user user;
	int ret = users_load(wanted->root_fd, &text);

	(void)item;
	if (ret < 0)
		return ret;
	if (!parse(text, wanted->name, wanted->uid, &user))
		return -ENOENT;
	return bounded_store(reply, &user, sizeof(user)) ? 0 : -ENOMEM;
}

static int find(int root_fd, const char *name, uid_t uid, struct user *user)
{
	AUTO_BOUNDED struct bounded answers = {0};
	struct wanted_user wanted = {.root_fd = root_fd, .name = name, .uid = uid};
	const struct bounded_job job = {
	    .count = 1,
	    .limit = sizeof(*user),
	    .items_per_helper = 1,
	    .work = find_in_helper,
	    .context = &wanted,
	    .keep = &root_fd,
	    .keep_count = 1,
	};
	long ret = bounded_run(&job, NULL, &answers);
	const struct user *found;
	size_t size;

	if (ret < 0)
		return (int)ret;
	found = bounded_data(&answers, 0, &size);
	if (found)
		*user = *found;
	ret = bounded_status(&answers, 0);
	return ret == BOUNDED_NO_ANSWER ? -ETIMEDOUT : (int)ret;
}

int user_find(int root_fd, uid_t uid, struct user *user)
{
	return find(root_fd, NULL, uid, user);
}

int user_find_name(int root_fd, const char *name, struct user *user)
{
	return find(root_fd, name, 0, user);
}
