/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "proc/cgroup.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/types.h>

#include "base/file.h"
#include "base/path.h"

/* Returns the path of a line, which may have colons itself; NULL where the line is none. */
static char *split_line(char *line, const char **controllers)
{
	char *path = line;

	strsep(&path, ":");
	*controllers = strsep(&path, ":");
	return path && path[0] == '/' ? path : NULL;
}

char *cgroup_parse(char *text)
{
	char *best = NULL;
	char *rest;

	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		const char *controllers;
		char *path = split_line(line, &controllers);
		/* Version 2 has no controllers here. */
		bool is_better = path && (controllers[0] == '\0' || strcmp(controllers, "name=systemd") == 0);

		if (path && (!best || (is_better && strcmp(path, "/") != 0)))
			best = path;
	}
	return best;
}

int process_read_cgroup(int dir_fd, char *path, size_t size)
{
	ssize_t length = file_read_at_once(dir_fd, "cgroup", path, size);
	const char *found;

	if (length < 0)
		return (int)length;
	found = cgroup_parse(path);
	if (!found)
		return -ESRCH;
	memmove(path, found, strlen(found) + 1);
	return 0;
}

const char *cgroup_path_below(const char *root, const char *path)
{
	const char *below = path_below(root, path);
	bool is_outside = below && strncmp(below, "/..", 3) == 0 && (below[3] == '/' || below[3] == '\0');

	return is_outside ? NULL : below;
}
