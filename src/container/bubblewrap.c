/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bubblewrap: it has neither state files nor cgroups of its own; parents.c finds it. */
#include "container/runtime.h"

const struct runtime runtime_bubblewrap = {
    .name = "bubblewrap",
    .other_name = "bwrap",
};
