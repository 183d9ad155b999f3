/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A namespace file: a path, or netns:NAME, a name of ip-netns(8). */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "target/kind.h"

static bool parse_file(const char *text, struct target *target)
{
	target->name = text;
	return strchr(text, '/') != NULL;
}

static int open_file(const struct target *target, enum engine engine, struct opened_target *opened,
		     struct error *err)
{
	int ret = ns_open_path(target->name, &opened->ns[0], err);

	(void)engine;
	opened->ns_count = ret == 0 ? 1 : 0;
	return ret;
}

static bool parse_netns_name(const char *text, struct target *target)
{
	target->name = text;
	return *text != '\0' && strcmp(text, ".") != 0 && strcmp(text, "..") != 0 && !strchr(text, '/');
}

static int open_netns_name(const struct target *target, enum engine engine, struct opened_target *opened,
			   struct error *err)
{
	char path[512];
	int ret;

	(void)engine;
	if ((size_t)snprintf(path, sizeof(path), TARGET_NETNS_DIRECTORY "/%s", target->name) >= sizeof(path))
		return error_set(err, ENAMETOOLONG, "'%.64s…' is too long for a name of ip netns",
				 target->text);
	ret = ns_open_path(path, &opened->ns[0], err);
	if (ret == -ENOENT)
		error_hint(err, "`ip netns list` shows the names there are");
	opened->ns_count = ret == 0 ? 1 : 0;
	return ret;
}

const struct target_row target_file = {
    .kind = TARGET_FILE,
    .written = "a namespace file",
    .needs = TARGET_NEEDS_TASKS_FIRST,
    .parse = parse_file,
    .open = open_file,
    .find = target_find_opened,
};

const struct target_row target_netns_name = {
    .kind = TARGET_NETNS_NAME,
    .prefix = "netns:",
    .written = "netns:NAME",
    .needs = TARGET_NEEDS_TASKS_FIRST,
    .parse = parse_netns_name,
    .open = open_netns_name,
    .find = target_find_opened,
};
