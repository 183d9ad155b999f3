/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ranges of one map, from what was asked for: arithmetic alone. */
#ifndef NSCTL_CREATE_ID_RANGES_H
#define NSCTL_CREATE_ID_RANGES_H

#include "create/id_maps.h"
#include "proc/status.h"
#include "proc/subid.h"

/* The ids that the wishes refer to. */
struct id_ranges_source {
	uint32_t caller;          /* the caller's effective id */
	struct subid_range subid; /* for ID_WISH_AUTO and ID_WISH_SUBIDS */
	const struct id_map *own; /* for ID_WISH_ALL: the map of the caller's user namespace */
};

/*
 * Makes the ranges as unshare(1) of util-linux 2.42 does, to the last id: the single
 * id first, then the wishes as they were given.  A wish that has the caller's id
 * outside, or the single one inside, is split around them, and loses its last id.  It loses
 * that as well if one of the two comes right behind its end.  Returns 0, or -E2BIG
 * for more ranges than ID_MAP_MAX.
 */
int id_ranges_make(const struct id_wishes *wishes, const struct id_ranges_source *source, struct id_map *map);

#endif
