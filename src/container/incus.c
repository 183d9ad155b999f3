/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Incus, and LXD before it: a directory for each instance; of a project PROJECT_NAME. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "container/lxc.h"

/* Each has a configuration for liblxc, written when it starts, in the directory of its log. */
static const char *const logs[] = {"/run/incus", "/var/log/incus", "/var/log/lxd",
				   "/var/snap/lxd/common/lxd/logs"};

#define LOG_COUNT (sizeof(logs) / sizeof(logs[0]))

static bool has_configuration(struct containers *containers, const char *directory, const char *id)
{
	AUTO_CLOSE int fd = -1;
	char path[300];

	if ((size_t)snprintf(path, sizeof(path), "%s/lxc.conf", id) >= sizeof(path))
		return false;
	fd = state_file_open(containers, directory, 0, path);
	return fd >= 0;
}

static int load_incus(struct containers *containers, struct container *container)
{
	for (size_t i = 0; i < LOG_COUNT && container->user == 0; i++) {
		if (has_configuration(containers, logs[i], container->id))
			return 0;
	}
	return -ENOENT;
}

struct listing {
	struct containers *containers;
	const struct runtime *runtime;
};

static int add_instance(const char *name, void *context)
{
	const struct listing *listing = context;

	return containers_add(listing->containers, listing->runtime, 0, NULL, name);
}

static int list_incus(struct containers *containers, const struct runtime *runtime)
{
	struct listing listing = {.containers = containers, .runtime = runtime};
	int ret = 0;

	for (size_t i = 0; i < LOG_COUNT && ret == 0; i++)
		ret = state_directory_each(containers, logs[i], 0, NULL, add_instance, &listing);
	return ret;
}

const struct runtime runtime_incus = {
    .name = "incus",
    .other_name = "lxd",
    .patterns = lxc_patterns,
    .load = load_incus,
    .list = list_incus,
    .find_init = lxc_find_init,
};
