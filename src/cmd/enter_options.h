/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of nsctl enter and of nsenter. */
#ifndef NSCTL_CMD_ENTER_OPTIONS_H
#define NSCTL_CMD_ENTER_OPTIONS_H

#include "cmd/command.h"
#include "enter/request.h"

/* The options, and the facts that the words behind them decide. */
struct enter_options {
	struct common_options common;
	struct enter_request request;
	const char *target;       /* -t */
	const char *const *words; /* the targets of the request */
	char pid[48];       /* as_nsenter: what target points at, where it was not written as a TARGET is */
	bool has_wd_inside; /* -W, with or without a directory */
	bool has_file;      /* a --TYPE=FILE was given */
};

/* Those that both have, and those that nsenter(1) has not. */
extern const struct command_option enter_nsenter_options[];
extern const struct command_option enter_own_options[];

/* For command.prepare. */
void enter_options_prepare(void *options);

/* Whether any namespace was asked for. */
bool enter_options_have_type(const struct enter_options *options);

/* Whether text can be the name of a user or group: it is no number, and has nothing with a meaning in
 * passwd(5). */
bool enter_is_id_name(const char *text);

/* Makes the plan and carries it out.  Returns the exit status, or a negative errno with err. */
int enter_run(const struct invocation *invocation, const struct enter_request *request, struct error *err);

#endif
