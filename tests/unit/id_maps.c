/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * create/id_wishes and create/id_ranges: the options of unshare(1), and the maps that it
 * makes of them.  The expected maps are those of unshare of util-linux 2.42.4.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "create/id_maps.h"
#include "create/id_ranges.h"
#include "create/own_map.h"

#define CALLER 4321
#define NO_SINGLE (-1)

/* wishes: words separated by blanks.  own: the map of the caller's user namespace. */
static void assert_map(const char *words, int64_t single, const char *own, const char *expected)
{
	struct id_wishes wishes = {.has_single = single != NO_SINGLE, .single = (uint32_t)single};
	struct id_map own_map = {.count = 0};
	const struct id_ranges_source source = {
	    .caller = CALLER, .subid = {.start = 100000, .count = 65536}, .own = &own_map};
	struct id_map map;
	struct error err;
	char copy[256];
	char text[512] = "";
	char *rest = NULL;

	snprintf(copy, sizeof(copy), "%s", words);
	for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
		assert_int_equal(id_wishes_parse(word, &wishes, &err), 0);
	assert_int_equal(id_map_parse(own, &own_map), 0);
	assert_int_equal(id_ranges_make(&wishes, &source, &map), 0);
	for (size_t i = 0; i < map.count; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%u %u %u", i ? ", " : "",
			 map.ranges[i].inside, map.ranges[i].outside, map.ranges[i].count);
	assert_string_equal(text, expected);
}

static void a_single_id_stands_alone_or_first(void **state)
{
	(void)state;
	assert_map("", NO_SINGLE, "", "");
	assert_map("", 0, "", "0 4321 1");
	assert_map("0:100000:10", NO_SINGLE, "", "0 100000 10");
	assert_map("100000,0,10", 20, "", "20 4321 1, 0 100000 10");
	assert_map("100000,0,10 50:100050:20", 3, "", "3 4321 1, 0 100000 3, 4 100003 6, 50 100050 20");
}

static void an_automatic_range_makes_room(void **state)
{
	(void)state;
	assert_map("auto", NO_SINGLE, "", "0 100000 65536");
	assert_map("auto", 0, "", "0 4321 1, 1 100000 65536");
	assert_map("auto", 4321, "", "4321 4321 1, 0 100000 4321, 4322 104321 61215");
	assert_map("auto", 65535, "", "65535 4321 1, 0 100000 65535, 65536 165535 1");
	assert_map("auto", 65536, "", "65536 4321 1, 0 100000 65536");
}

static void another_range_loses_its_last_id(void **state)
{
	(void)state;
	assert_map("subids", NO_SINGLE, "", "100000 100000 65536");
	assert_map("subids", 0, "", "0 4321 1, 100000 100000 65536");
	assert_map("subids", 100000, "", "100000 4321 1, 100001 100000 65535");
	assert_map("subids", 100100, "", "100100 4321 1, 100000 100000 100, 100101 100100 65435");
	assert_map("100000,0,10", 9, "", "9 4321 1, 0 100000 9");
	/* Also where the single id comes right behind it. */
	assert_map("100000,0,10", 10, "", "10 4321 1, 0 100000 9");
	assert_map("100000,0,10", 11, "", "11 4321 1, 0 100000 10");
	assert_map("4321,0,1", 0, "", "0 4321 1");
}

static void all_ids_are_themselves_inside(void **state)
{
	(void)state;
	assert_map("all", NO_SINGLE, "0 0 4294967295\n", "0 0 4294967295");
	assert_map("all", 4321, "0 0 4294967295\n", "4321 4321 1, 0 0 4321, 4322 4322 4294962973");
	assert_map("all", 0, "0 0 4294967295\n", "0 4321 1, 1 0 4321, 4322 4322 4294962973");
	assert_map("all", NO_SINGLE, "0 7000 10\n20 8000 5\n", "0 0 10, 20 20 5");
}

static void too_many_ranges_are_refused(void **state)
{
	static struct id_wishes wishes;
	const struct id_ranges_source source = {.caller = CALLER};
	static struct id_map map;
	struct error err;

	(void)state;
	for (unsigned int i = 0; i < ID_MAP_MAX; i++) {
		char text[64];

		snprintf(text, sizeof(text), "%u:%u:1", 10 * i, 100000 + 10 * i);
		assert_int_equal(id_wishes_parse(text, &wishes, &err), 0);
	}
	assert_int_equal(id_wishes_parse("1:1:1", &wishes, &err), -E2BIG);
	assert_int_equal(id_ranges_make(&wishes, &source, &map), 0);
	wishes.has_single = true;
	wishes.single = 5;
	assert_int_equal(id_ranges_make(&wishes, &source, &map), -E2BIG);
}

static void nonsense_is_refused(void **state)
{
	static const char *const bad[] = {
	    "",
	    "x",
	    "1",
	    "1:2",
	    "1:2:3:4",
	    "1,2",
	    "1,2,3,4",
	    "1:2,3",
	    "1:2:0",
	    "-1:2:3",
	    "1:2:3x",
	    "4294967295:0:1",
	    "0:1:4294967295",
	    "0:0:4294967296",
	    "a:b:c",
	    "Auto",
	    "1::2",
	};
	struct id_maps_request request = {0};
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(id_wishes_parse(bad[i], &request.of[ID_USERS], &err), -EINVAL);
	assert_int_equal(request.of[ID_USERS].count, 0);
	assert_int_equal(id_maps_parse_owner("1", &request, &err), -EINVAL);
	assert_int_equal(id_maps_parse_owner("1:2:3", &request, &err), -EINVAL);
	assert_int_equal(id_maps_parse_owner("4294967295:0", &request, &err), -EINVAL);
	assert_false(request.has_owner);
	assert_int_equal(id_maps_parse_setgroups("no", &request.setgroups, &err), -EINVAL);
	assert_int_equal(request.setgroups, SETGROUPS_UNCHANGED);
}

static void owner_and_setgroups_are_parsed(void **state)
{
	struct id_maps_request request = {0};
	struct error err;

	(void)state;
	assert_int_equal(id_maps_parse_owner("1000:1001", &request, &err), 0);
	assert_true(request.has_owner);
	assert_int_equal(request.owner_uid, 1000);
	assert_int_equal(request.owner_gid, 1001);
	assert_int_equal(id_maps_parse_setgroups("deny", &request.setgroups, &err), 0);
	assert_int_equal(request.setgroups, SETGROUPS_DENY);
	assert_int_equal(id_maps_parse_setgroups("allow", &request.setgroups, &err), 0);
	assert_int_equal(request.setgroups, SETGROUPS_ALLOW);
}

static void assert_missing(const char *own, uint32_t first, uint32_t count, int64_t expected)
{
	const struct id_range range = {.outside = first, .count = count};
	struct id_map map;
	uint32_t id;

	assert_int_equal(id_map_parse(own, &map), 0);
	assert_int_equal(own_map_find_missing(&map, &range, &id), expected >= 0);
	if (expected >= 0)
		assert_int_equal(id, expected);
}

static void only_existing_ids_can_be_mapped(void **state)
{
	static const char own[] = "20 7000 10\n0 5000 20\n100 9 1\n";

	(void)state;
	assert_missing(own, 0, 30, -1);
	assert_missing(own, 19, 2, -1);
	assert_missing(own, 0, 31, 30);
	assert_missing(own, 29, 80, 30);
	assert_missing(own, 100, 1, -1);
	assert_missing(own, 99, 2, 99);
	assert_missing("", 0, 1, 0);
	assert_missing("0 0 4294967295\n", 0, 4294967295U, -1);
	assert_missing("0 0 4294967295\n", 4294967294U, 1, -1);
}

/* The process inside denies setgroups before it maps its own group: it cannot be allowed as well. */
static void a_single_group_excludes_setgroups(void **state)
{
	static struct id_maps_request request;
	static struct id_maps maps;
	struct error err;

	(void)state;
	request.of[ID_GROUPS].has_single = true;
	assert_int_equal(id_maps_plan(&request, &maps, &err), 0);
	assert_int_equal(maps.of[ID_USERS].writer, ID_MAP_UNWRITTEN);
	assert_int_equal(maps.of[ID_GROUPS].writer, ID_MAP_INSIDE);
	assert_false(id_maps_need_outside(&maps));
	request.setgroups = SETGROUPS_ALLOW;
	assert_int_equal(id_maps_plan(&request, &maps, &err), -EINVAL);
	assert_string_equal(err.message, "options --setgroups=allow and --map-group are mutually exclusive");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_single_id_stands_alone_or_first),
	    cmocka_unit_test(an_automatic_range_makes_room),
	    cmocka_unit_test(another_range_loses_its_last_id),
	    cmocka_unit_test(all_ids_are_themselves_inside),
	    cmocka_unit_test(too_many_ranges_are_refused),
	    cmocka_unit_test(nonsense_is_refused),
	    cmocka_unit_test(owner_and_setgroups_are_parsed),
	    cmocka_unit_test(only_existing_ids_can_be_mapped),
	    cmocka_unit_test(a_single_group_excludes_setgroups),
	};

	return cmocka_run_group_tests_name("id_maps", tests, NULL, NULL);
}
