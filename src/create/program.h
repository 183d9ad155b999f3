/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The last moments before the program. */
#ifndef NSCTL_CREATE_PROGRAM_H
#define NSCTL_CREATE_PROGRAM_H

#include "create/creation.h"

/* Waits until all writers of --wait's pipe have closed their ends.  Returns 0 or a negative errno. */
int program_wait_for_caller(const struct creation *creation, struct error *err);

/*
 * Checks that it can be found and executed, for --dry-run: a file that execve(2)
 * refuses for another reason is not noticed.  Returns 0 or a negative errno.
 */
int program_check(const struct creation *creation, struct error *err);

/* Executes it, looked up in PATH.  Returns only on failure, a negative errno, with *exec_failed true. */
int program_execute(const struct creation *creation, bool *exec_failed, struct error *err);

#endif
