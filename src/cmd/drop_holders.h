/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nsctl drop --holders NS: releases every mount that holds a namespace. */
#ifndef NSCTL_CMD_DROP_HOLDERS_H
#define NSCTL_CMD_DROP_HOLDERS_H

#include "cmd/command.h"

struct drop_holders_request {
	enum engine engine;
	bool dry_run;     /* only show */
	const char *word; /* the namespace, as it was typed */
};

/*
 * Shows what holds the namespace, unmounts the mounts among it, and shows what
 * is left.  Returns 0 if no mount holds it any more, else EXIT_NO; EXIT_USAGE for
 * a word that is no namespace; or a negative errno with err.
 */
int drop_holders(const struct invocation *invocation, const struct drop_holders_request *request,
		 struct error *err);

#endif
