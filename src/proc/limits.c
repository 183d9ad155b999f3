/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The resource limits of a process, and their names. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "proc/settings.h"

/* The name in the C library's RLIMIT_NAME, in lower case; and that in /proc/PID/limits (proc(5)). */
static const struct {
	const char *name;
	const char *label;
} limits_known[RLIM_NLIMITS] = {
    [RLIMIT_CPU] = {"cpu", "Max cpu time"},
    [RLIMIT_FSIZE] = {"fsize", "Max file size"},
    [RLIMIT_DATA] = {"data", "Max data size"},
    [RLIMIT_STACK] = {"stack", "Max stack size"},
    [RLIMIT_CORE] = {"core", "Max core file size"},
    [RLIMIT_RSS] = {"rss", "Max resident set"},
    [RLIMIT_NPROC] = {"nproc", "Max processes"},
    [RLIMIT_NOFILE] = {"nofile", "Max open files"},
    [RLIMIT_MEMLOCK] = {"memlock", "Max locked memory"},
    [RLIMIT_AS] = {"as", "Max address space"},
    [RLIMIT_LOCKS] = {"locks", "Max file locks"},
    [RLIMIT_SIGPENDING] = {"sigpending", "Max pending signals"},
    [RLIMIT_MSGQUEUE] = {"msgqueue", "Max msgqueue size"},
    [RLIMIT_NICE] = {"nice", "Max nice priority"},
    [RLIMIT_RTPRIO] = {"rtprio", "Max realtime priority"},
    [RLIMIT_RTTIME] = {"rttime", "Max realtime timeout"},
};

const char *limit_name(unsigned int resource)
{
	return resource < RLIM_NLIMITS ? limits_known[resource].name : NULL;
}

bool limit_find(const char *name, unsigned int *resource)
{
	if (strncmp(name, "RLIMIT_", strlen("RLIMIT_")) != 0)
		return false;
	name += strlen("RLIMIT_");
	for (unsigned int i = 0; i < RLIM_NLIMITS; i++) {
		size_t length = strlen(limits_known[i].name);
		size_t same = 0;

		while (same < length && name[same] == limits_known[i].name[same] - 'a' + 'A')
			same++;
		if (same != length || name[length] != '\0')
			continue;
		*resource = i;
		return true;
	}
	return false;
}

/* Reads a number or "unlimited", and moves text behind it. */
static bool limits_next_value(const char **text, rlim_t *value)
{
	static const char unlimited[] = "unlimited";
	char *end;

	while (**text == ' ')
		(*text)++;
	if (strncmp(*text, unlimited, strlen(unlimited)) == 0) {
		*text += strlen(unlimited);
		*value = RLIM_INFINITY;
		return true;
	}
	if (**text < '0' || **text > '9')
		return false;
	errno = 0;
	*value = strtoul(*text, &end, 10);
	*text = end;
	return errno == 0;
}

/* The line of this label, behind it; NULL: there is none. */
static const char *limits_find_line(const char *text, const char *label)
{
	size_t length = strlen(label);

	while (text && *text) {
		if (strncmp(text, label, length) == 0 && text[length] == ' ')
			return text + length;
		text = strchr(text, '\n');
		if (text)
			text++;
	}
	return NULL;
}

int settings_parse_limits(const char *text, struct settings_limit limits[RLIM_NLIMITS])
{
	for (unsigned int i = 0; i < RLIM_NLIMITS; i++) {
		const char *line = limits_find_line(text, limits_known[i].label);
		struct rlimit *limit = &limits[i].limit;

		if (!line || !limits_next_value(&line, &limit->rlim_cur) ||
		    !limits_next_value(&line, &limit->rlim_max))
			return -EPROTO;
		limits[i].is_set = true;
	}
	return 0;
}
