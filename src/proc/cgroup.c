#include "proc/cgroup.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/types.h>

#include "base/file.h"

/* The best of the lines "ID:CONTROLLERS:PATH".  Returns its path, ended with a NUL, within text. */
static char *find_cgroup(char *text)
{
	char *best = NULL;
	char *rest;

	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		char *path = strstr(line, ":/");
		bool is_better = strncmp(line, "0::", 3) == 0 || strstr(line, ":name=systemd:");

		if (path && (!best || (is_better && strcmp(path, ":/") != 0)))
			best = path;
	}
	return best ? best + 1 : NULL;
}

int process_read_cgroup(int dir_fd, char *path, size_t size)
{
	ssize_t length = file_read_at(dir_fd, "cgroup", path, size);
	const char *found;

	if (length < 0)
		return (int)length;
	found = find_cgroup(path);
	if (!found)
		return -ESRCH;
	memmove(path, found, strlen(found) + 1);
	return 0;
}
