/* SPDX-License-Identifier: GPL-2.0-or-later */
/* newuidmap(1) and newgidmap(1) write the map for a user who has subordinate ids. */
#ifndef NSCTL_CREATE_ID_PROGRAM_H
#define NSCTL_CREATE_ID_PROGRAM_H

#include <sys/types.h>

#include "base/error.h"
#include "proc/id_kind.h"
#include "proc/status.h"

/*
 * Runs the program, with no environment and no shell, to write this map for the
 * process.  What it writes to standard error becomes the message.  Returns 0, or a
 * negative errno: -EPERM if it refused.
 */
int id_program_run(enum id_kind kind, const char *path, pid_t pid, const struct id_map *map,
		   struct error *err);

#endif
