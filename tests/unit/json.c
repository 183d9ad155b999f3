/* table/json: the parts of the contract that all commands share. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "capture.h"
#include "table/json.h"

static json_t *print_and_load(json_t *object)
{
	char text[4096];
	struct capture capture;
	struct error err;
	int ret;

	capture_start(&capture, STDOUT_FILENO);
	ret = json_print(object, &err);
	capture_end(&capture, text, sizeof(text));
	assert_int_equal(ret, 0);
	assert_int_equal(text[strlen(text) - 1], '\n');
	return json_loads(text, 0, NULL);
}

static void any_text_is_a_string(void **state)
{
	json_t *string = json_safe_string("a\x1b\xff\xc3\xa9\\x");

	(void)state;
	assert_non_null(string);
	assert_string_equal(json_string_value(string), "a\\x1b\\xff\xc3\xa9\\x5cx");
	json_decref(string);
}

static void schema_and_warnings_are_always_there(void **state)
{
	json_t *loaded = print_and_load(json_pack("{s:i}", "a", 1));

	(void)state;
	assert_int_equal(json_integer_value(json_object_get(loaded, "schema")), JSON_SCHEMA);
	assert_int_equal(json_integer_value(json_object_get(loaded, "a")), 1);
	assert_true(json_is_array(json_object_get(loaded, "warnings")));
	assert_int_equal(json_array_size(json_object_get(loaded, "warnings")), 0);
	json_decref(loaded);
}

static void given_warnings_stay(void **state)
{
	json_t *loaded = print_and_load(json_pack("{s:[s]}", "warnings", "w"));

	(void)state;
	assert_int_equal(json_array_size(json_object_get(loaded, "warnings")), 1);
	json_decref(loaded);
}

static void no_object_is_no_memory(void **state)
{
	struct error err;

	(void)state;
	assert_int_equal(json_print(NULL, &err), -ENOMEM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(any_text_is_a_string),
	    cmocka_unit_test(schema_and_warnings_are_always_there),
	    cmocka_unit_test(given_warnings_stay),
	    cmocka_unit_test(no_object_is_no_memory),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
