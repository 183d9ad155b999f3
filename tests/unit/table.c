/* view/table: typed cells, for a terminal, for scripts, as JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "capture.h"
#include "view/table.h"

enum { NAME, COUNT, FRESH, COLUMNS };
static const struct column columns[COLUMNS] = {
    [NAME] = {"NAME", "what it is called", COLUMN_TEXT, true},
    [COUNT] = {"COUNT", "how many", COLUMN_NUMBER, true},
    [FRESH] = {"FRESH", "whether it is", COLUMN_ANSWER, false},
};

static struct table *make(const struct view_options *options)
{
	struct error err;
	struct table *table = table_new(columns, COLUMNS, options, &err);

	assert_non_null(table);
	assert_int_equal(table_add_row(table, &err), 0);
	assert_int_equal(table_set_text(table, NAME, "a b", &err), 0);
	assert_int_equal(table_set_number(table, COUNT, UINT64_C(4026531833), &err), 0);
	assert_int_equal(table_set_text(table, FRESH, "yes", &err), 0);
	assert_int_equal(table_add_row(table, &err), 0);
	assert_int_equal(table_set_text(table, NAME, "\x1b[31m\xff", &err), 0);
	assert_int_equal(table_set_note(table, COUNT, "denied", &err), 0);
	return table;
}

static const char *print(const struct view_options *options)
{
	static char text[4096];
	AUTO_TABLE struct table *table = make(options);
	struct capture capture;
	struct error err;
	int ret;

	capture_start(&capture, STDOUT_FILENO);
	ret = table_print(table, &err);
	capture_end(&capture, text, sizeof(text));
	assert_int_equal(ret, 0);
	return text;
}

static void default_columns(void **state)
{
	(void)state;
	assert_string_equal(print(&(struct view_options){0}), "NAME              COUNT\n"
							      "a b          4026531833\n"
							      "\\x1b[31m\\xff     denied\n");
}

static void chosen_columns(void **state)
{
	(void)state;
	assert_string_equal(print(&(struct view_options){.output = "fresh,NAME", .no_headings = true}),
			    "yes a b\n    \\x1b[31m\\xff\n");
	assert_string_equal(print(&(struct view_options){.output = "+FRESH", .raw = true}),
			    "NAME COUNT FRESH\na\\x20b 4026531833 yes\n\\x1b[31m\\xff denied -\n");
	assert_string_equal(
	    print(&(struct view_options){.all_columns = true, .raw = true, .no_headings = true}),
	    "a\\x20b 4026531833 yes\n\\x1b[31m\\xff denied -\n");
}

static void columns_that_are_not_there(void **state)
{
	static const char *const lists[] = {"NOPE", "NAME,NOPE", "+NOPE", "", ",", "NAM", "NAME,,COUNT"};
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		struct view_options options = {.output = lists[i]};

		assert_null(table_new(columns, COLUMNS, &options, &err));
		assert_int_equal(err.number, EINVAL);
		assert_non_null(strstr(err.hint, "--list-columns"));
	}
}

static void a_hostile_heading(void **state)
{
	static const struct column hostile[] = {{"\x1b]0;x\a", "", COLUMN_TEXT, true}};
	static const struct view_options options = {0};
	char text[4096];
	struct capture capture;
	struct error err;
	AUTO_TABLE struct table *table = table_new(hostile, 1, &options, &err);

	(void)state;
	assert_non_null(table);
	assert_int_equal(table_add_row(table, &err), 0);
	capture_start(&capture, STDOUT_FILENO);
	assert_int_equal(table_print(table, &err), 0);
	capture_end(&capture, text, sizeof(text));
	assert_null(strchr(text, '\x1b'));
	assert_null(strchr(text, '\a'));
}

static void json_has_all_columns_and_their_types(void **state)
{
	AUTO_TABLE struct table *table = make(&(struct view_options){.json = true});
	json_t *rows = table_to_json(table);
	json_t *first = json_array_get(rows, 0);
	json_t *second = json_array_get(rows, 1);

	(void)state;
	assert_int_equal(json_array_size(rows), 2);
	assert_string_equal(json_string_value(json_object_get(first, "name")), "a b");
	assert_true(json_integer_value(json_object_get(first, "count")) == INT64_C(4026531833));
	assert_true(json_is_true(json_object_get(first, "fresh")));
	assert_string_equal(json_string_value(json_object_get(second, "name")), "\\x1b[31m\\xff");
	assert_true(json_is_null(json_object_get(second, "count")));
	assert_true(json_is_null(json_object_get(second, "fresh")));
	json_decref(rows);
}

static void json_of_no_rows_is_an_array(void **state)
{
	static const struct view_options options = {.json = true};
	struct error err;
	AUTO_TABLE struct table *table = table_new(columns, COLUMNS, &options, &err);
	json_t *rows = table_to_json(table);

	(void)state;
	assert_true(json_is_array(rows));
	assert_int_equal(json_array_size(rows), 0);
	json_decref(rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(default_columns),
	    cmocka_unit_test(chosen_columns),
	    cmocka_unit_test(columns_that_are_not_there),
	    cmocka_unit_test(a_hostile_heading),
	    cmocka_unit_test(json_has_all_columns_and_their_types),
	    cmocka_unit_test(json_of_no_rows_is_an_array),
	};

	return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
