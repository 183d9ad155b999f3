/* SPDX-License-Identifier: GPL-2.0-or-later */
/* base/map: from numbers to indexes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/map.h"

#define MANY 100000U

static void assert_sound(const struct map *map)
{
	size_t used = 0;

	assert_int_equal(map->capacity & (map->capacity - 1), 0);
	assert_true(2 * map->count <= map->capacity);
	for (size_t i = 0; i < map->capacity; i++)
		used += map->slots[i].value != MAP_NONE;
	assert_int_equal(used, map->count);
}

/* Adds count numbers apart by step, and then finds each of them. */
static void check_series(uint64_t first, uint64_t step, size_t count)
{
	AUTO_MAP struct map map = {0};

	for (size_t i = 0; i < count; i++)
		assert_int_equal(map_add(&map, first + i * step, (uint32_t)i), 1);
	assert_int_equal(map.count, count);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(map_add(&map, first + i * step, 7), 0);
		assert_int_equal(map_find(&map, first + i * step), i);
	}
	assert_int_equal(map.count, count);
	assert_int_equal(map_find(&map, first + count * step), MAP_NONE);
	assert_int_equal(map_add(&map, first + count * step, 0), 1);
	assert_sound(&map);
}

static void add_tells_new_from_known(void **state)
{
	AUTO_MAP struct map map = {0};

	(void)state;
	assert_int_equal(map_add(&map, 4026531833, 0), 1);
	assert_int_equal(map_add(&map, 4026531833, 0), 0);
	assert_int_equal(map_add(&map, 4026531834, 0), 1);
	assert_int_equal(map_add(&map, 4026531833, 0), 0);
	assert_int_equal(map.count, 2);
}

static void add_takes_the_extremes(void **state)
{
	static const uint64_t numbers[] = {1, UINT32_MAX, (uint64_t)UINT32_MAX + 1, INT64_MAX, UINT64_MAX, 0};
	AUTO_MAP struct map map = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		assert_int_equal(map_add(&map, numbers[i], 0), 1);
		assert_int_equal(map_add(&map, numbers[i], 0), 0);
	}
	assert_sound(&map);
}

static void growth_keeps_every_number(void **state)
{
	AUTO_MAP struct map map = {0};

	(void)state;
	for (uint64_t number = 1; number <= 1000; number++) {
		assert_int_equal(map_add(&map, number, 0), 1);
		assert_int_equal(map_add(&map, 1, 0), 0);
		assert_int_equal(map_add(&map, (number + 1) / 2, 0), 0);
	}
	assert_sound(&map);
}

/* As the kernel numbers namespaces. */
static void many_consecutive_inodes(void **state)
{
	(void)state;
	check_series(4026531834, 1, MANY);
}

/* As it numbers them with eight a process. */
static void many_inodes_with_gaps(void **state)
{
	(void)state;
	check_series(4026532281, 8, MANY);
}

/* Low bits that are all alike, and high bits that are all alike. */
static void many_numbers_alike_in_some_bits(void **state)
{
	(void)state;
	check_series((uint64_t)1 << 20, (uint64_t)1 << 20, MANY);
	check_series((uint64_t)1 << 32, (uint64_t)1 << 32, MANY);
	check_series(UINT64_MAX - MANY - 1, 1, MANY);
}

static void free_empties_it(void **state)
{
	struct map map = {0};

	(void)state;
	map_free(&map);
	assert_int_equal(map_add(&map, 7, 0), 1);
	map_free(&map);
	assert_null(map.slots);
	assert_int_equal(map.count, 0);
	assert_int_equal(map.capacity, 0);
	assert_int_equal(map_add(&map, 7, 0), 1);
	map_free(&map);
	map_free(&map);
	assert_int_equal(map_find(&map, 7), MAP_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(add_tells_new_from_known),  cmocka_unit_test(add_takes_the_extremes),
	    cmocka_unit_test(growth_keeps_every_number), cmocka_unit_test(many_consecutive_inodes),
	    cmocka_unit_test(many_inodes_with_gaps),     cmocka_unit_test(many_numbers_alike_in_some_bits),
	    cmocka_unit_test(free_empties_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
