/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Creating the namespaces: unshare(2), in an order that lets a mnt namespace be mounted. */
#ifndef NSCTL_CREATE_NAMESPACES_H
#define NSCTL_CREATE_NAMESPACES_H

#include "create/creation.h"

/* Becomes the user and group of --owner: they own what is created next. */
creation_step create_become_owner;

/*
 * Moves this process into new namespaces of all types; a new pid or time
 * namespace is for its next child.  A mnt namespace that is to be mounted gets an
 * id above the caller's.
 */
creation_step create_unshare;

#endif
