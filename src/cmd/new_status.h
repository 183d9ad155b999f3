/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What --json-status writes, for programs that run nsctl new: two lines, each a JSON object. */
#ifndef NSCTL_CMD_NEW_STATUS_H
#define NSCTL_CMD_NEW_STATUS_H

#include "create/create.h"

struct new_status {
	int fd;
};

/* A create_observer: the first line, before the program starts.  context: a struct new_status. */
int new_status_write_created(void *context, const struct creation *creation,
			     const struct create_process *process, struct error *err);

/* The second line.  status: as waitpid(2) reports it. */
void new_status_write_ended(const struct new_status *new_status, int status);

#endif
