/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --rootless: the best id map that the caller's rights allow. */
#ifndef NSCTL_CREATE_ROOTLESS_H
#define NSCTL_CREATE_ROOTLESS_H

#include <stddef.h>

#include "create/id_maps.h"

/*
 * Chooses the wishes for users and groups, and leaves the rest of the request as it is:
 *
 * - all ids, as themselves, for root with CAP_SETUID, CAP_SETGID and CAP_SETFCAP;
 * - else the caller as root, and the first ranges of /etc/subuid and /etc/subgid from 1 on, if the
 *   capabilities or newuidmap(1) and newgidmap(1) can write them;
 * - else the caller as root alone;
 * - else no map, if the kernel would refuse even that.
 *
 * Stores one sentence without a period: what was chosen, and why nothing better.
 */
void rootless_choose(struct id_maps_request *request, char *sentence, size_t size);

#endif
