/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "proc/fields.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/bounded_file.h"
#include "base/file.h"
#include "base/text.h"

typedef ssize_t read_fn(int root_fd, const char *path, char *buffer, size_t size);

static int load_fields(read_fn *read_file, int root_fd, const char *path, char **text)
{
	ssize_t length;

	*text = malloc(FIELDS_LIMIT + 1);
	if (!*text)
		return -ENOMEM;
	length = read_file(root_fd, path, *text, FIELDS_LIMIT + 1);
	return length < 0 ? (int)length : 0;
}

int fields_load(int root_fd, const char *path, char **text)
{
	return load_fields(bounded_read_in_root, root_fd, path, text);
}

int fields_load_in_helper(int root_fd, const char *path, char **text)
{
	return load_fields(file_read_in_root, root_fd, path, text);
}

static bool split_line(const char *line, const char *end, struct field *fields, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *colon = i == count - 1 ? end : memchr(line, ':', (size_t)(end - line));

		if (!colon)
			return false;
		fields[i] = (struct field){.start = line, .length = (size_t)(colon - line)};
		line = colon + 1;
	}
	return true;
}

bool fields_next(const char **text, struct field *fields, size_t count)
{
	while (**text) {
		const char *line = *text;
		size_t length = strcspn(line, "\n");

		*text += length + (line[length] == '\n');
		if (split_line(line, line + length, fields, count))
			return true;
	}
	return false;
}

bool field_copy(const struct field *field, char *out, size_t size)
{
	if (field->length >= size)
		return false;
	memcpy(out, field->start, field->length);
	out[field->length] = '\0';
	return true;
}

bool field_to_id(const struct field *field, id_t *id)
{
	uint64_t number;

	/* setresuid(2) takes the largest number for "unchanged": it is no id. */
	if (!text_parse_digits(field->start, field->length, UINT32_MAX - 1, &number))
		return false;
	*id = (id_t)number;
	return true;
}
