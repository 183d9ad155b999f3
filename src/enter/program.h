/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The program to run, or the shell where none was named. */
#ifndef NSCTL_ENTER_PROGRAM_H
#define NSCTL_ENTER_PROGRAM_H

#include "enter/part.h"

struct program {
	char **argv;      /* borrowed from the request, or shell_argv */
	const char *path; /* argv[0], or the shell's path */
	char *shell_argv[2];
	char shell[256];
	char shell_name[260]; /* "-sh" */
};

plan_fn program_plan;
apply_fn program_apply; /* executes it, looked up in PATH; returns only on failure */

#endif
