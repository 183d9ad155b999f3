/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From what became of a program to nsctl's exit status. */
#ifndef NSCTL_CMD_PROGRAM_STATUS_H
#define NSCTL_CMD_PROGRAM_STATUS_H

#include <stdbool.h>

/*
 * Returns the status of a program that ran in a child: its own; or 128+N for signal N.
 * With dies_alike, as util-linux's programs, this process dies by that signal instead,
 * and a shell sees no difference.  status: as waitpid(2) reports it.
 */
int program_exit_status(int status, bool dies_alike);

/* Returns the status for a program that execve(2) refused with this errno value. */
int program_refused_status(int number);

#endif
