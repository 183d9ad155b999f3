/* SPDX-License-Identifier: GPL-2.0-or-later */
/* User, group and capabilities of a program in new namespaces, and its environment. */
#ifndef NSCTL_CREATE_CREDENTIALS_H
#define NSCTL_CREATE_CREDENTIALS_H

#include "create/creation.h"

creation_step create_set_credentials;

/* The capabilities of the new user namespace stay when the program is executed: by the ambient set. */
creation_step create_keep_capabilities;

creation_step create_set_environment;

#endif
