/* SPDX-License-Identifier: GPL-2.0-or-later */
/* User, group and capabilities of a program in new namespaces, and its environment. */
#ifndef NSCTL_CREATE_CREDENTIALS_H
#define NSCTL_CREATE_CREDENTIALS_H

#include "create/creation.h"
#include "create/reasons.h"

creation_step create_set_credentials;

/* Sets err for a refused call.  Returns -number. */
int create_refuse_credential(const struct creation *creation, enum reasons_credential call, id_t id,
			     int number, struct error *err);

/* The capabilities of the new user namespace stay when the program is executed: by the ambient set. */
creation_step create_keep_capabilities;

creation_step create_set_environment;

#endif
