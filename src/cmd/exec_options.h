/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of nsctl exec. */
#ifndef NSCTL_CMD_EXEC_OPTIONS_H
#define NSCTL_CMD_EXEC_OPTIONS_H

#include "cmd/command.h"
#include "enter/request.h"

struct exec_options {
	struct common_options common;
	struct enter_request request;
	char *user;             /* the value of -u, a copy that is cut at the colon */
	const char **variables; /* the values of -e */
	size_t capacity;
};

extern const struct command_option exec_options[];

/* For command.prepare. */
void exec_options_prepare(void *options);

void exec_options_free(struct exec_options *options);

#endif
