/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>

#include "container/container.h"

/* The types of unit that have processes (systemd.unit(5)); a slice only holds others. */
static const char *const types[] = {".service", ".scope", ".socket", ".mount", ".swap"};

static bool is_unit(const char *name, size_t length)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		size_t type = strlen(types[i]);

		if (length > type && strncmp(name + length - type, types[i], type) == 0)
			return true;
	}
	return false;
}

static bool is_manager(const char *name, size_t length)
{
	return length > strlen("user@.service") && strncmp(name, "user@", strlen("user@")) == 0 &&
	       strncmp(name + length - strlen(".service"), ".service", strlen(".service")) == 0;
}

/*
 * The outermost unit: what is below it, it made itself.  The units of a user are below
 * the manager, which is a unit of the system.
 */
bool unit_of_cgroup(const char *path, char *unit, size_t size)
{
	const char *manager = NULL;
	size_t manager_length = 0;

	for (; *path; path += strcspn(path, "/")) {
		size_t length;

		path += strspn(path, "/");
		length = strcspn(path, "/");
		if (!is_unit(path, length))
			continue;
		if (!manager && is_manager(path, length)) {
			manager = path;
			manager_length = length - strlen(".service");
			continue;
		}
		snprintf(unit, size, "%.*s%s%.*s", (int)manager_length, manager ? manager : "",
			 manager ? "/" : "", (int)length, path);
		return true;
	}
	if (manager)
		snprintf(unit, size, "%.*s.service", (int)manager_length, manager);
	return manager != NULL;
}
