/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The OCI configuration of the container that is entered. */
#ifndef NSCTL_ENTER_CONFIGURATION_H
#define NSCTL_ENTER_CONFIGURATION_H

#include "enter/part.h"

/* config.json, open for reading; -1: the target is no container, or its runtime keeps none. */
struct configuration {
	int fd;
	bool is_of_other; /* it and the container belong to another user than root and the caller */
};

#define CONFIGURATION_NONE ((struct configuration){.fd = -1})

/*
 * Opens it if the program is confined by it, or takes its environment.  A file that is
 * not believed is an error: the settings of the first process, which a program inside
 * can change, are no replacement for it.
 */
plan_fn configuration_plan;
void configuration_free(struct configuration *configuration);

/* Whether the program gets the environment of the container in the place of the caller's. */
bool configuration_has_environment(const struct enter_request *request, const struct plan *plan);

#endif
