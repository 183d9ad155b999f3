/* SPDX-License-Identifier: GPL-2.0-or-later */
/* flatpak: shown by the scope that it runs an application in; app-flatpak-APPLICATION-PID.scope. */
#include "container/runtime.h"

static const struct cgroup_pattern patterns[] = {
    {.prefix = "app-flatpak-", .suffix = ".scope"},
    {0},
};

const struct runtime runtime_flatpak = {
    .name = "flatpak",
    .patterns = patterns,
};
