/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The limits on what a process gains by execve(2): its sets of capabilities, and no_new_privs. */
#ifndef NSCTL_PROC_PRIVILEGES_H
#define NSCTL_PROC_PRIVILEGES_H

#include <stdbool.h>
#include <stdint.h>

#include "proc/process.h"

/* Sets of bits such as 1ULL << CAP_SYS_ADMIN, over the process's own user namespace; see capabilities(7). */
struct privileges {
	uint64_t bounding;
	uint64_t permitted;
	uint64_t inheritable;
	uint64_t ambient;
	bool no_new_privs;
};

/* Reads them from /proc/PID/status (NoNewPrivs: Linux 4.10).  Returns 0 or a negative errno. */
int privileges_read(const struct process *process, struct privileges *privileges);

/* The parser of the above: text is the whole of a status file.  0 or -EPROTO. */
int privileges_parse(const char *text, struct privileges *privileges);

#endif
