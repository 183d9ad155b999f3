#include "proc/groups.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/bounded_file.h"
#include "base/cleanup.h"
#include "base/text.h"

#define GROUP_LIMIT (1U << 20)

/* One line, "name:password:gid:member,member"; the parts are not terminated. */
struct group_line {
	const char *name;
	size_t name_length;
	gid_t gid;
	const char *members;
	size_t members_length;
};

static bool is_word(const char *start, size_t length, const char *word)
{
	return strlen(word) == length && memcmp(start, word, length) == 0;
}

static bool parse_gid(const char *start, size_t length, gid_t *gid)
{
	char digits[16];
	uint64_t number;

	if (length >= sizeof(digits))
		return false;
	memcpy(digits, start, length);
	digits[length] = '\0';
	if (!text_parse_number(digits, UINT32_MAX - 1, &number))
		return false;
	*gid = (gid_t)number;
	return true;
}

static bool parse_line(const char *line, size_t length, struct group_line *parsed)
{
	const char *end = line + length;
	const char *colons[3];

	for (size_t i = 0; i < 3; i++) {
		const char *from = i == 0 ? line : colons[i - 1] + 1;

		colons[i] = memchr(from, ':', (size_t)(end - from));
		if (!colons[i])
			return false;
	}
	parsed->name = line;
	parsed->name_length = (size_t)(colons[0] - line);
	parsed->members = colons[2] + 1;
	parsed->members_length = (size_t)(end - parsed->members);
	return parse_gid(colons[1] + 1, (size_t)(colons[2] - colons[1] - 1), &parsed->gid);
}

/* Parses the next line that is one, and moves *text behind it. */
static bool next_line(const char **text, struct group_line *parsed)
{
	while (**text) {
		const char *line = *text;
		size_t length = strcspn(line, "\n");

		*text += length + (line[length] == '\n');
		if (parse_line(line, length, parsed))
			return true;
	}
	return false;
}

static bool has_member(const struct group_line *line, const char *user)
{
	const char *at = line->members;
	const char *end = at + line->members_length;

	while (at < end) {
		const char *comma = memchr(at, ',', (size_t)(end - at));
		size_t length = (size_t)((comma ? comma : end) - at);

		if (is_word(at, length, user))
			return true;
		at += length + 1;
	}
	return false;
}

int group_parse(const char *text, const char *name, gid_t *gid)
{
	struct group_line line;

	while (next_line(&text, &line)) {
		if (!is_word(line.name, line.name_length, name))
			continue;
		*gid = line.gid;
		return 0;
	}
	return -ENOENT;
}

int group_parse_list(const char *text, const char *user, gid_t **groups, size_t *count)
{
	struct group_line line;
	size_t capacity = 0;

	*groups = array_reserve(NULL, &capacity, 0, sizeof(**groups));
	*count = 0;
	if (!*groups)
		return -ENOMEM;
	while (next_line(&text, &line)) {
		gid_t *larger;

		if (!has_member(&line, user))
			continue;
		(*groups)[(*count)++] = line.gid;
		larger = array_reserve(*groups, &capacity, *count, sizeof(**groups));
		if (!larger)
			return -ENOMEM;
		*groups = larger;
	}
	return 0;
}

static int load(int root_fd, char **text)
{
	ssize_t length;

	*text = malloc(GROUP_LIMIT + 1);
	if (!*text)
		return -ENOMEM;
	length = bounded_read_in_root(root_fd, "/etc/group", *text, GROUP_LIMIT + 1);
	return length < 0 ? (int)length : 0;
}

int group_find(int root_fd, const char *name, gid_t *gid)
{
	AUTO_FREE char *text = NULL;
	int ret = load(root_fd, &text);

	return ret < 0 ? ret : group_parse(text, name, gid);
}

int group_list(int root_fd, const char *user, gid_t **groups, size_t *count)
{
	AUTO_FREE char *text = NULL;
	int ret = load(root_fd, &text);

	*groups = NULL;
	*count = 0;
	if (ret < 0 && ret != -ENOENT)
		return ret;
	return group_parse_list(ret < 0 ? "" : text, user, groups, count);
}
