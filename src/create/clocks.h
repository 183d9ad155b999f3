/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The clocks of a new time namespace. */
#ifndef NSCTL_CREATE_CLOCKS_H
#define NSCTL_CREATE_CLOCKS_H

#include "create/creation.h"

/* Sets the offsets: possible until the first process is in the namespace (time_namespaces(7)). */
creation_step create_set_clocks;

/*
 * Moves this process into its new time namespace, in which only its children
 * would be: a child that shares its memory must be in the same (clone(2)), and
 * before Linux 6.3 the program that it executes would stay outside.
 */
creation_step create_join_time;

#endif
