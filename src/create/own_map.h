/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The id maps of the caller's own user namespace: only what they have can be mapped again. */
#ifndef NSCTL_CREATE_OWN_MAP_H
#define NSCTL_CREATE_OWN_MAP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "proc/id_kind.h"
#include "proc/status.h"

/* Reads /proc/self/uid_map or gid_map.  Returns 0 or a negative errno. */
int own_map_read(enum id_kind kind, struct id_map *map, struct error *err);

/*
 * Finds the lowest id of range->outside and the following that the map lacks; a new
 * user namespace cannot map it.  Returns false if it has them all.
 */
bool own_map_find_missing(const struct id_map *own, const struct id_range *range, uint32_t *id);

/*
 * Checks that the caller's effective user or group exists in its user namespace, without
 * which it can create no other one (user_namespaces(7)).  Returns 0; -EPERM if it does not;
 * or another negative errno.
 */
int own_map_check_caller(enum id_kind kind, struct error *err);

#endif
