/* SPDX-License-Identifier: GPL-2.0-or-later */
/* proc/subid: subuid(5) and subgid(5). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "proc/subid.h"

static struct subids of_alice(const char *text)
{
	return (struct subids){.text = (char *)text, .uid = 1000, .name = "alice", .kind = ID_USERS};
}

static void assert_first(const char *text, uint32_t start, uint32_t count)
{
	const struct subids subids = of_alice(text);
	struct subid_range range = {0};
	struct error err;

	assert_int_equal(subids_first(&subids, &range, &err), 0);
	assert_int_equal(range.start, start);
	assert_int_equal(range.count, count);
}

static void assert_none(const char *text)
{
	const struct subids subids = of_alice(text);
	const char *at = subids.text;
	struct subid_range range;

	assert_false(subids_next(&subids, &at, &range));
	assert_int_equal(*at, '\0');
}

static void finds_the_first_line_by_name_or_number(void **state)
{
	(void)state;
	assert_first("bob:1:2\nalice:100000:65536\n1000:5:6\n", 100000, 65536);
	assert_first("1000:5:6\nalice:100000:65536\n", 5, 6);
	assert_first("alice:7:8", 7, 8);
	assert_first("alice:4294967294:1\n", 4294967294U, 1);
	assert_first("alice:0:4294967295\n", 0, 4294967295U);
}

/* unshare(1) takes a name for the number 0, and so root gets the range of whoever is first. */
static void a_name_is_no_number(void **state)
{
	const struct subids of_root = {.text = (char *)"alice:1:2\n0x:3:4\n", .name = "root"};
	const char *at = of_root.text;
	struct subid_range range;

	(void)state;
	assert_false(subids_next(&of_root, &at, &range));
}

static void a_user_without_a_name_has_his_number_alone(void **state)
{
	const struct subids subids = {.text = (char *)":1:2\n1000:3:4\n", .uid = 1000};
	struct subid_range range;
	struct error err;

	(void)state;
	assert_int_equal(subids_first(&subids, &range, &err), 0);
	assert_int_equal(range.start, 3);
}

static void passes_bad_lines_over(void **state)
{
	static const char *const bad[] = {
	    "",
	    "\n",
	    "alice",
	    "alice:1",
	    "alice:1:",
	    "alice::1",
	    "alice:1:0",
	    "alice:-1:5",
	    "alice:+1:5",
	    "alice:1:5:6",
	    "alice: 1:5",
	    "alice:1:5 ",
	    "alice:01:5",
	    "alice:0x1:5",
	    "alicea:1:5",
	    "alic:1:5",
	    " alice:1:5",
	    "#alice:1:5",
	    "01000:1:5",
	    "alice:4294967295:1",
	    "alice:4294967294:2",
	    "alice:1:4294967295",
	    "alice:18446744073709551617:1",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char text[128];

		assert_none(bad[i]);
		snprintf(text, sizeof(text), "%s\nalice:9:9\n", bad[i]);
		assert_first(text, 9, 9);
	}
}

static void ranges_that_touch_cover_together(void **state)
{
	const struct subids subids = of_alice("alice:200:100\nbob:400:100\nalice:100:100\nalice:500:10\n");

	(void)state;
	assert_true(subids_cover(&subids, 100, 200));
	assert_true(subids_cover(&subids, 199, 2));
	assert_true(subids_cover(&subids, 509, 1));
	assert_false(subids_cover(&subids, 509, 2));
	assert_false(subids_cover(&subids, 99, 1));
	assert_false(subids_cover(&subids, 100, 201));
	assert_false(subids_cover(&subids, 400, 1));
	assert_false(subids_cover(&subids, 100, 4294967295U));
}

static void suggests_what_nobody_has(void **state)
{
	struct subids subids = of_alice("bob:100000:65536\ncarol:9:9\n");
	char line[SUBIDS_LINE_SIZE];

	(void)state;
	subids_suggest(&subids, 0, 65536, line);
	assert_string_equal(line, "alice:165536:65536");
	subids_suggest(&subids, 7, 3, line);
	assert_string_equal(line, "alice:7:3");
	subids.text = (char *)"";
	subids.name[0] = '\0';
	subids_suggest(&subids, 0, 65536, line);
	assert_string_equal(line, "1000:100000:65536");
	subids.text = (char *)"bob:4294967000:200\n";
	subids_suggest(&subids, 0, 65536, line);
	assert_string_equal(line, "1000:100000:65536");
}

static void names_the_missing_line(void **state)
{
	const struct subids subids = of_alice("bob:100000:65536\n");
	struct subid_range range;
	struct error err;

	(void)state;
	assert_int_equal(subids_first(&subids, &range, &err), -ENOENT);
	assert_string_equal(err.message, "/etc/subuid has no line for alice");
	assert_non_null(strstr(err.hint, "alice:165536:65536"));
}

static void finds_sources_other_than_files(void **state)
{
	char sources[64];

	(void)state;
	assert_true(subids_parse_sources("passwd: files\nsubid: sss\n", sources, sizeof(sources)));
	assert_string_equal(sources, "sss");
	assert_true(subids_parse_sources("\tsubid:  files sss # both", sources, sizeof(sources)));
	assert_string_equal(sources, "files sss");
	assert_false(subids_parse_sources("subid: files\n", sources, sizeof(sources)));
	assert_false(subids_parse_sources("subid:\n", sources, sizeof(sources)));
	assert_false(subids_parse_sources("subid:# sss\n", sources, sizeof(sources)));
	assert_false(subids_parse_sources("#subid: sss\nsubids: sss\n", sources, sizeof(sources)));
	assert_false(subids_parse_sources("", sources, sizeof(sources)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(finds_the_first_line_by_name_or_number),
	    cmocka_unit_test(a_name_is_no_number),
	    cmocka_unit_test(a_user_without_a_name_has_his_number_alone),
	    cmocka_unit_test(passes_bad_lines_over),
	    cmocka_unit_test(ranges_that_touch_cover_together),
	    cmocka_unit_test(suggests_what_nobody_has),
	    cmocka_unit_test(names_the_missing_line),
	    cmocka_unit_test(finds_sources_other_than_files),
	};

	return cmocka_run_group_tests_name("subid", tests, NULL, NULL);
}
