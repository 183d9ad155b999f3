/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/map.h"

#include <errno.h>
#include <stdlib.h>

/* The slot that has the key, or the empty one where it belongs. */
static struct map_slot *slot_of(const struct map *map, uint64_t key)
{
	/* Fibonacci hashing: inodes of nsfs are consecutive, so their high bits are alike. */
	size_t slot = (size_t)((key * 0x9E3779B97F4A7C15U) >> 32) & (map->capacity - 1);

	while (map->slots[slot].value != MAP_NONE && map->slots[slot].key != key)
		slot = (slot + 1) & (map->capacity - 1);
	return &map->slots[slot];
}

static int grow(struct map *map)
{
	struct map larger = {.capacity = map->capacity ? 2 * map->capacity : 64, .count = map->count};

	larger.slots = calloc(larger.capacity, sizeof(*larger.slots));
	if (!larger.slots)
		return -ENOMEM;
	for (size_t i = 0; i < larger.capacity; i++)
		larger.slots[i].value = MAP_NONE;
	for (size_t i = 0; i < map->capacity; i++) {
		if (map->slots[i].value != MAP_NONE)
			*slot_of(&larger, map->slots[i].key) = map->slots[i];
	}
	free(map->slots);
	*map = larger;
	return 0;
}

uint32_t map_find(const struct map *map, uint64_t key)
{
	return map->capacity ? slot_of(map, key)->value : MAP_NONE;
}

int map_add(struct map *map, uint64_t key, uint32_t value)
{
	struct map_slot *slot;

	if (2 * (map->count + 1) > map->capacity && grow(map) < 0)
		return -ENOMEM;
	slot = slot_of(map, key);
	if (slot->value != MAP_NONE)
		return 0;
	*slot = (struct map_slot){.key = key, .value = value};
	map->count++;
	return 1;
}

int map_increment(struct map *map, uint64_t key)
{
	if (map_add(map, key, 0) < 0)
		return -ENOMEM;
	slot_of(map, key)->value++;
	return 0;
}

void map_free(struct map *map)
{
	free(map->slots);
	*map = (struct map){0};
}
