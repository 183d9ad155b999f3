/* SPDX-License-Identifier: GPL-2.0-or-later */
/* flatpak: shown by the scope that it runs an application in; app-flatpak-APPLICATION-PID.scope. */
#include <errno.h>
#include <string.h>

#include "container/runtime.h"

/* The number behind the name differs with each run.  It is known by its cgroup alone. */
static int load_flatpak(struct containers *containers, struct container *container)
{
	const char *dash = strrchr(container->id, '-');

	(void)containers;
	if (!dash || dash == container->id || !dash[1] || dash[1 + strspn(dash + 1, "0123456789")] != '\0')
		return -ENOENT;
	container->name = strndup(container->id, (size_t)(dash - container->id));
	return container->name ? -ENOENT : -ENOMEM;
}

static const struct cgroup_pattern patterns[] = {
    {.prefix = "app-flatpak-", .suffix = ".scope"},
    {0},
};

const struct runtime runtime_flatpak = {
    .name = "flatpak",
    .patterns = patterns,
    .load = load_flatpak,
};
