/* The program to run, or the shell where none was named. */
#ifndef NSCTL_ENTER_PROGRAM_H
#define NSCTL_ENTER_PROGRAM_H

#include "base/error.h"
#include "enter/request.h"

struct plan;

struct program {
	char **argv;      /* borrowed from the request, or shell_argv */
	const char *path; /* argv[0], or the shell's path */
	char *shell_argv[2];
	char shell[256];
	char shell_name[260]; /* "-sh" */
};

/* Chooses the program.  Returns 0 or a negative errno. */
int program_plan(const struct enter_request *request, struct plan *plan, struct error *err);

/* Executes it, looked up in PATH.  Returns only on failure: a negative errno. */
int program_apply(const struct plan *plan, struct error *err);

#endif
