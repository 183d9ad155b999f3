/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/PID/cgroup, in which names of directories are anyone's: the path is that of a line, and of the best.
 */
#include "proc/cgroup.h"
#include "base/text.h"
#include "input.h"

/* A line that the kernel could have written. */
struct line {
	const char *controllers;
	const char *path;
};

static char *split(char *text, char end)
{
	char *at = strchr(text, end);

	if (at)
		*at++ = '\0';
	return at;
}

static int read_line(char *text, struct line *line)
{
	char *controllers = split(text, ':');
	char *path = controllers ? split(controllers, ':') : NULL;

	*line = (struct line){controllers, path};
	return path && path[0] == '/';
}

/* The rank of a line: 0 for those that only count where there are no others. */
static int rank(const struct line *line)
{
	int is_preferred = line->controllers[0] == '\0' || strcmp(line->controllers, "name=systemd") == 0;

	return is_preferred && strcmp(line->path, "/") != 0;
}

/* The path is that of a line, and where a line is preferred, of one of those. */
static void check(char *text, const char *found)
{
	int best = -1;
	int of_found = -1;

	for (char *next, *at = text; at; at = next) {
		struct line line;

		next = split(at, '\n');
		if (!read_line(at, &line))
			continue;
		if (rank(&line) > best)
			best = rank(&line);
		if (found && strcmp(line.path, found) == 0 && rank(&line) > of_found)
			of_found = rank(&line);
	}
	if (best != of_found)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = to_text(data, size);
	char *copy = strdup(text);
	const char *path = cgroup_parse(text);

	if (path && (path < text || path + strlen(path) > text + size || strchr(path, '\n')))
		abort();
	check(copy, path);
	free(copy);
	free(text);
	return 0;
}
