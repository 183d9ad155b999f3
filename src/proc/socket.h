/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The protocol and addresses of a socket. */
#ifndef NSCTL_PROC_SOCKET_H
#define NSCTL_PROC_SOCKET_H

#include <stddef.h>

/*
 * "tcp 127.0.0.1:80 listening", "udp 0.0.0.0:53", "tcp [::1]:22 to [::1]:51000",
 * "unix /run/x.sock", "netlink", "packet".  A path may hold any bytes but NUL.
 */
void socket_describe(int fd, char *text, size_t size);

#endif
