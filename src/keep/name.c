/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names that can be kept. */
#include "keep/keep.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "keep/base_directory.h"
#include "ns/type.h"

/* The first byte that no name has; NULL: there is none. */
static const char *find_forbidden(const char *name)
{
	for (; *name; name++) {
		if ((unsigned char)*name <= ' ' || *name == 0x7f || *name == '/' || *name == ':')
			return name;
	}
	return NULL;
}

/* C1 controls, bytes that are not UTF-8, and invisible characters. */
static bool is_shown_as_it_is(const char *name)
{
	char shown[KEEP_NAME_MAX * 4 + 1];

	text_escape(name, strlen(name), shown, sizeof(shown));
	return strcmp(shown, name) == 0;
}

static bool is_number(const char *name)
{
	return name[strspn(name, "0123456789")] == '\0';
}

int keep_check_name(const char *name, struct error *err)
{
	const char *forbidden;

	if (name[0] == '\0')
		return error_set(err, EINVAL, "a name cannot be empty");
	if (strlen(name) > KEEP_NAME_MAX) {
		error_set(err, EINVAL, "'%.32s…' is too long for a name", name);
		return error_hint(err, "a name has at most %d bytes", KEEP_NAME_MAX);
	}
	if (name[0] == '.' || name[0] == '-')
		return error_set(err, EINVAL, "'%s' is not a name: it begins with '%c'", name, name[0]);
	forbidden = find_forbidden(name);
	if (forbidden && (*forbidden == '/' || *forbidden == ':'))
		return error_set(err, EINVAL, "'%s' is not a name: it has a '%c'", name, *forbidden);
	if (forbidden || !is_shown_as_it_is(name))
		return error_set(err, EINVAL,
				 "'%s' is not a name: it has a blank, a control character or a byte that is "
				 "not UTF-8",
				 name);
	if (is_number(name)) {
		error_set(err, EINVAL, "'%s' is not a name: it is a number", name);
		return error_hint(err, "a number is a PID or an inode");
	}
	if (strcmp(name, "self") == 0) {
		error_set(err, EINVAL, "'self' is not a name");
		return error_hint(err, "as a target, self is the caller");
	}
	return 0;
}

bool keep_name_of_path(const char *path, char name[KEEP_NAME_MAX + 1])
{
	static const char directory[] = KEEP_DIRECTORY "/";
	const char *start = path + sizeof(directory) - 1;
	struct error ignored;
	enum ns_type type;
	size_t length;

	if (strncmp(path, directory, sizeof(directory) - 1) != 0)
		return false;
	length = strcspn(start, "/");
	if (length > KEEP_NAME_MAX || start[length] != '/' ||
	    !ns_type_from_name(start + length + 1, strlen(start + length + 1), &type))
		return false;
	memcpy(name, start, length);
	name[length] = '\0';
	return keep_check_name(name, &ignored) == 0;
}
