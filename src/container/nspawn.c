/* SPDX-License-Identifier: GPL-2.0-or-later */
/* systemd-nspawn that systemd-machined has registered: /run/systemd/machines/NAME. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "container/runtime.h"

#define MACHINES "/run/systemd/machines"

/* The value of KEY=value in the text; NULL: it has none.  Ends the line in the text. */
static char *find_value(char *text, const char *key)
{
	size_t length = strlen(key);
	char *rest = NULL;

	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		if (strncmp(line, key, length) == 0 && line[length] == '=')
			return line + length + 1;
	}
	return NULL;
}

/* Loads the file of a machine and stores the value of a key.  0, -ENOENT or -ENOMEM. */
static int read_value(struct containers *containers, const struct container *container, const char *key,
		      char **value)
{
	AUTO_FREE char *text = NULL;
	ssize_t length = state_file_load(containers, MACHINES, 0, container->id, &text);
	const char *found;

	if (length < 0)
		return length == -ENOMEM ? -ENOMEM : -ENOENT;
	found = find_value(text, key);
	if (!found)
		return -ENOENT;
	*value = strdup(found);
	return *value ? 0 : -ENOMEM;
}

/* Virtual machines are registered there, too; "unit:NAME" is a link to the machine of a unit. */
static int load_machine(struct containers *containers, struct container *container)
{
	AUTO_FREE char *class = NULL;
	int ret = container->user == 0 ? read_value(containers, container, "CLASS", &class) : -ENOENT;

	if (ret < 0)
		return ret;
	return strcmp(class, "container") == 0 ? 0 : -ENOENT;
}

static int find_leader(struct containers *containers, struct container *container)
{
	AUTO_FREE char *leader = NULL;
	uint64_t pid;

	if (read_value(containers, container, "LEADER", &leader) < 0 ||
	    !text_parse_number(leader, PROCESS_PID_MAX, &pid) || pid == 0)
		return -ESRCH;
	container->init = (pid_t)pid;
	return 0;
}

static const struct cgroup_pattern patterns[] = {
    {.prefix = "machine-", .suffix = ".scope", .is_escaped = true},
    {.prefix = "systemd-nspawn@", .suffix = ".service", .is_escaped = true},
    {0},
};

const struct runtime runtime_nspawn = {
    .name = "nspawn",
    .other_name = "machine",
    .patterns = patterns,
    .place = {.of_root = MACHINES},
    .load = load_machine,
    .list = runtime_list_entries,
    .find_init = find_leader,
};
