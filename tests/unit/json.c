/* SPDX-License-Identifier: GPL-2.0-or-later */
/* table/json: the writer, and the parts of the contract that all commands share. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "capture.h"
#include "table/json.h"

/* Where a test writes its values, and what has to follow them. */
#define NO_WARNINGS "\n  \"warnings\": [],\n  \"schema\": 1\n}\n"

static struct json json;
static struct capture capture;

static void begin(void)
{
	capture_start(&capture, STDOUT_FILENO);
	json_begin(&json);
}

static void assert_written(const char *expected)
{
	char text[4096];
	struct error err;
	int ret = json_finish(&json, &err);

	capture_end(&capture, text, sizeof(text));
	assert_int_equal(ret, 0);
	assert_string_equal(text, expected);
}

static void schema_and_warnings_are_always_there(void **state)
{
	(void)state;
	begin();
	assert_written("{" NO_WARNINGS);
}

static void any_text_is_a_string(void **state)
{
	(void)state;
	begin();
	json_add_text(&json, "a", "\x1b\xff\xc3\xa9\\x\"\n/");
	json_add_text(&json, "b", "");
	assert_written(
	    "{\n  \"a\": \"\\\\x1b\\\\xff\xc3\xa9\\\\x5cx\\\"\\\\x0a/\",\n  \"b\": \"\"," NO_WARNINGS);
}

static void numbers_are_exact(void **state)
{
	(void)state;
	begin();
	json_add_number(&json, "most", UINT64_MAX);
	json_add_signed(&json, "least", INT64_MIN);
	json_add_number_or_null(&json, "known", true, 0);
	json_add_number_or_null(&json, "unknown", false, 7);
	assert_written("{\n  \"most\": 18446744073709551615,\n  \"least\": -9223372036854775808,\n"
		       "  \"known\": 0,\n  \"unknown\": null," NO_WARNINGS);
}

static void objects_and_arrays_nest(void **state)
{
	(void)state;
	begin();
	json_open_array(&json, "empty");
	json_close(&json);
	json_open_array(&json, "rows");
	json_open_object(&json, NULL);
	json_add_answer(&json, "yes", true);
	json_add_answer(&json, "no", false);
	json_close(&json);
	json_add_null(&json, NULL);
	json_open_object(&json, NULL);
	json_close(&json);
	json_close(&json);
	assert_written(
	    "{\n  \"empty\": [],\n  \"rows\": [\n    {\n      \"yes\": true,\n      \"no\": false\n"
	    "    },\n    null,\n    {}\n  ]," NO_WARNINGS);
}

static void warnings_are_gathered(void **state)
{
	(void)state;
	begin();
	json_warn(&json, "%d of %s", 3, "a\tb");
	json_warn(&json, "more");
	assert_written(
	    "{\n  \"warnings\": [\n    \"3 of a\\\\x09b\",\n    \"more\"\n  ],\n  \"schema\": 1\n}\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(schema_and_warnings_are_always_there),
	    cmocka_unit_test(any_text_is_a_string),
	    cmocka_unit_test(numbers_are_exact),
	    cmocka_unit_test(objects_and_arrays_nest),
	    cmocka_unit_test(warnings_are_gathered),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
