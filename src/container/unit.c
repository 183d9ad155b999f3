/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "base/text.h"
#include "container/container.h"
#include "proc/cgroup.h"
#include "proc/process.h"
#include "proc/status.h"

/* The types of unit that have processes (systemd.unit(5)); a slice only holds others. */
static const char *const types[] = {".service", ".scope", ".socket", ".mount", ".swap"};

static bool is_unit(const char *name, size_t length)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (length > strlen(types[i]) && text_ends_with(name, length, types[i]))
			return true;
	}
	return false;
}

static bool is_slice(const char *name, size_t length)
{
	return length > strlen(".slice") && text_ends_with(name, length, ".slice");
}

bool unit_has_type(const char *name)
{
	return is_unit(name, strlen(name)) || is_slice(name, strlen(name));
}

bool unit_is_manager(const char *name, size_t length, uid_t *user)
{
	static const char before[] = "user@";
	static const char after[] = ".service";
	size_t around = strlen(before) + strlen(after);
	uint64_t number;

	if (length <= around || strncmp(name, before, strlen(before)) != 0 ||
	    !text_ends_with(name, length, after) ||
	    !text_parse_digits(name + strlen(before), length - around, UINT32_MAX - 1, &number))
		return false;
	*user = (uid_t)number;
	return true;
}

void unit_read_root(char *root, size_t size)
{
	static const char scope[] = "/init.scope";
	AUTO_CLOSE int dir_fd = process_open_directory(1);
	size_t length;

	root[0] = '\0';
	if (dir_fd < 0 || process_read_cgroup(dir_fd, root, size) < 0)
		return;
	length = strlen(root);
	if (text_ends_with(root, length, scope))
		root[length - strlen(scope)] = '\0';
	else
		root[0] = '\0';
}

/*
 * The outermost unit: the unit itself made the cgroups below it.  The units of a user are
 * below the manager, which is a unit of the system.  Units are in slices: below any other
 * cgroup, as of a container with a systemd of its own, a name may only look like a unit's.
 */
bool unit_below_root(const char *path, const char *root, char *unit, size_t size)
{
	const char *manager = NULL;
	size_t manager_length = 0;
	size_t length;
	uid_t user;

	for (path = path_below(root, path); path && *path; path += length) {
		path += strspn(path, "/");
		length = strcspn(path, "/");
		if (is_unit(path, length) && (manager || !unit_is_manager(path, length, &user))) {
			snprintf(unit, size, "%.*s%s%.*s", (int)manager_length, manager ? manager : "",
				 manager ? "/" : "", (int)length, path);
			return true;
		}
		if (unit_is_manager(path, length, &user)) {
			manager = path;
			manager_length = length - strlen(".service");
		} else if (!is_slice(path, length)) {
			break;
		}
	}
	if (manager)
		snprintf(unit, size, "%.*s.service", (int)manager_length, manager);
	return manager != NULL;
}

bool unit_of_cgroup(const char *path, char *unit, size_t size)
{
	char root[COMMAND_SIZE];

	unit_read_root(root, sizeof(root));
	return unit_below_root(path, root, unit, size);
}
