/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A hash map from 64-bit numbers to indexes. */
#ifndef NSCTL_BASE_MAP_H
#define NSCTL_BASE_MAP_H

#include <stddef.h>
#include <stdint.h>

#define MAP_NONE UINT32_MAX

struct map_slot {
	uint64_t key;
	uint32_t value; /* MAP_NONE: the slot is empty */
};

/* Open addressing.  All zero is an empty map. */
struct map {
	struct map_slot *slots;
	size_t capacity; /* a power of two, or 0 */
	size_t count;
};

/* The value of key, or MAP_NONE. */
uint32_t map_find(const struct map *map, uint64_t key);

/* Adds a key with a value other than MAP_NONE.  Returns 1; 0 where the key is there already; or -ENOMEM. */
int map_add(struct map *map, uint64_t key, uint32_t value);

/* Adds 1 to the value of a key, which is 0 before it is there.  Returns 0 or -ENOMEM. */
int map_increment(struct map *map, uint64_t key);

void map_free(struct map *map);
#define AUTO_MAP __attribute__((cleanup(map_free)))

#endif
