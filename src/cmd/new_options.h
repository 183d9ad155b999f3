/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of nsctl new and of unshare. */
#ifndef NSCTL_CMD_NEW_OPTIONS_H
#define NSCTL_CMD_NEW_OPTIONS_H

#include "cmd/command.h"
#include "create/request.h"

struct new_options {
	struct common_options common;
	struct create_request request;
	bool forwards; /* --forward-signals */
	bool dry_run;
	int status_fd;          /* -1: none */
	enum ns_type last_type; /* of the namespace option given last */
};

/* Those that both have, and those that unshare(1) has not. */
extern const struct command_option new_unshare_options[];
extern const struct command_option new_own_options[];

/* For command.prepare. */
void new_options_prepare(void *options);

/* For command.take_equals. */
int new_options_take_equals(void *data, const char *value, struct error *err);

/* Creates the namespaces and runs the program.  Returns the exit status, or a negative errno with err. */
int new_run(const struct invocation *invocation, const struct new_options *options, struct error *err);

#endif
