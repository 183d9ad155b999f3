/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The clocks of a new time namespace. */
#ifndef NSCTL_CREATE_CLOCKS_H
#define NSCTL_CREATE_CLOCKS_H

#include "create/creation.h"

/* Sets the offsets: possible until the first process is in the namespace (time_namespaces(7)). */
creation_step create_set_clocks;

/*
 * Where the program replaces this process: moves it into its new time namespace, in
 * which only its children would be.  Before Linux 6.3 execve(2) does not do so.
 */
creation_step create_join_time;

#endif
