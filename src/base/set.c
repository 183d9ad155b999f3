#include "base/set.h"

#include <errno.h>
#include <stdlib.h>

static size_t slot_of(const struct u64_set *set, uint64_t number)
{
	/* Fibonacci hashing: inodes of nsfs are consecutive, so their high bits are alike. */
	uint64_t hash = number * 0x9E3779B97F4A7C15U;
	size_t slot = (size_t)(hash >> 32) & (set->capacity - 1);

	while (set->slots[slot] != 0 && set->slots[slot] != number)
		slot = (slot + 1) & (set->capacity - 1);
	return slot;
}

static int grow(struct u64_set *set)
{
	struct u64_set larger = {.capacity = set->capacity ? 2 * set->capacity : 64};

	larger.slots = calloc(larger.capacity, sizeof(*larger.slots));
	if (!larger.slots)
		return -ENOMEM;
	for (size_t i = 0; i < set->capacity; i++) {
		if (set->slots[i] != 0)
			larger.slots[slot_of(&larger, set->slots[i])] = set->slots[i];
	}
	larger.count = set->count;
	free(set->slots);
	*set = larger;
	return 0;
}

int u64_set_add(struct u64_set *set, uint64_t number)
{
	size_t slot;

	if (2 * (set->count + 1) > set->capacity && grow(set) < 0)
		return -ENOMEM;
	slot = slot_of(set, number);
	if (set->slots[slot] == number)
		return 0;
	set->slots[slot] = number;
	set->count++;
	return 1;
}

void u64_set_free(struct u64_set *set)
{
	free(set->slots);
	*set = (struct u64_set){0};
}
