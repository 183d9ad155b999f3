/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The name of the machine and the network in new namespaces. */
#ifndef NSCTL_CREATE_NETWORK_H
#define NSCTL_CREATE_NETWORK_H

#include "create/creation.h"

creation_step create_set_host_name;
creation_step create_start_loopback;

/*
 * Runs pasta(1) in the caller's namespaces, which connects the net namespace
 * net_fd, that of process pid, and returns once it is connected.  Stores a pidfd of pasta, which
 * does not end with the namespace in every case: the caller ends it by
 * create_end_pasta().  Returns 0 or a negative errno.
 */
int create_connect_pasta(pid_t pid, int net_fd, int *pasta, struct error *err);
void create_end_pasta(int *pasta);

#endif
