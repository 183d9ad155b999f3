/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/array.h"

#include <stdlib.h>

#define FIRST_CAPACITY 16

void *array_reserve(void *items, size_t *capacity, size_t count, size_t size)
{
	size_t larger = *capacity ? 2 * *capacity : FIRST_CAPACITY;
	void *moved;

	if (count < *capacity)
		return items;
	moved = reallocarray(items, larger, size);
	if (moved)
		*capacity = larger;
	return moved;
}
