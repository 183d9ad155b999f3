/* SPDX-License-Identifier: GPL-2.0-or-later */
/* table/table: typed cells, for a terminal, for scripts, as JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "capture.h"
#include "table/table.h"

struct thing {
	const char *name;
	uint64_t count; /* 0: denied */
	bool is_fresh;
};

static int fill_name(struct cell *cell, const void *row)
{
	return cell_set_text(cell, ((const struct thing *)row)->name);
}

static int fill_count(struct cell *cell, const void *row)
{
	const struct thing *thing = row;

	return thing->count ? cell_set_number(cell, thing->count) : cell_set_note(cell, "denied");
}

static int fill_fresh(struct cell *cell, const void *row)
{
	return ((const struct thing *)row)->is_fresh ? cell_set_answer(cell, true) : 0;
}

static const struct column columns[] = {
    {"NAME", "what it is called", COLUMN_TEXT, 1, fill_name},
    {"COUNT", "how many", COLUMN_NUMBER, 2, fill_count},
    {0},
};
static const struct column more[] = {
    {"NAME", "a second one of that name does not count", COLUMN_NUMBER, 8, fill_count},
    {"FRESH", "whether it is", COLUMN_ANSWER, 4, fill_fresh},
    {0},
};
static const struct table_layout layout = {.groups = {columns, more}, .usual = "NAME,COUNT"};

static struct table *make(const struct table_options *options)
{
	static const struct thing things[] = {{"a b", UINT64_C(4026531833), true},
					      {"\x1b[31m\xff", 0, false}};
	struct error err;
	struct table *table = table_new(&layout, options, &err);

	assert_non_null(table);
	assert_int_equal(table_add_row(table, &things[0], &err), 0);
	assert_int_equal(table_add_row(table, &things[1], &err), 0);
	return table;
}

static const char *print(const struct table_options *options)
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
	assert_string_equal(print(&(struct table_options){0}), "NAME              COUNT\n"
							       "a b          4026531833\n"
							       "\\x1b[31m\\xff     denied\n");
}

static void chosen_columns(void **state)
{
	(void)state;
	assert_string_equal(print(&(struct table_options){.output = "fresh,NAME", .no_headings = true}),
			    "yes a b\n    \\x1b[31m\\xff\n");
	assert_string_equal(print(&(struct table_options){.output = "+FRESH", .raw = true}),
			    "NAME COUNT FRESH\na\\x20b 4026531833 yes\n\\x1b[31m\\xff denied -\n");
	assert_string_equal(
	    print(&(struct table_options){.all_columns = true, .raw = true, .no_headings = true}),
	    "a\\x20b 4026531833 yes\n\\x1b[31m\\xff denied -\n");
}

static void columns_that_are_not_there(void **state)
{
	static const char *const lists[] = {"NOPE", "NAME,NOPE", "+NOPE", "", ",", "NAM", "NAME,,COUNT"};
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		struct table_options options = {.output = lists[i]};

		assert_null(table_new(&layout, &options, &err));
		assert_int_equal(err.number, EINVAL);
		assert_non_null(strstr(err.hint, "--list-columns"));
	}
}

static void a_hostile_heading(void **state)
{
	static const struct column hostile[] = {{"\x1b]0;x\a", "", COLUMN_TEXT, 0, fill_name}, {0}};
	static const struct table_layout hostile_layout = {.groups = {hostile}};
	static const struct thing thing = {.name = "x"};
	static const struct table_options options = {0};
	char text[4096];
	struct capture capture;
	struct error err;
	AUTO_TABLE struct table *table = table_new(&hostile_layout, &options, &err);

	(void)state;
	assert_non_null(table);
	assert_int_equal(table_add_row(table, &thing, &err), 0);
	capture_start(&capture, STDOUT_FILENO);
	assert_int_equal(table_print(table, &err), 0);
	capture_end(&capture, text, sizeof(text));
	assert_null(strchr(text, '\x1b'));
	assert_null(strchr(text, '\a'));
}

static void assert_json(const struct table *table, const char *expected)
{
	char text[4096];
	struct capture capture;
	struct error err;
	struct json json;

	capture_start(&capture, STDOUT_FILENO);
	json_begin(&json);
	table_write_json(table, &json, "rows");
	assert_int_equal(json_finish(&json, &err), 0);
	capture_end(&capture, text, sizeof(text));
	assert_non_null(strstr(text, "\"warnings\""));
	*strstr(text, ",\n  \"warnings\"") = '\0';
	assert_string_equal(text, expected);
}

static void json_has_all_columns_and_their_types(void **state)
{
	AUTO_TABLE struct table *table = make(&(struct table_options){.json = true});

	(void)state;
	assert_json(table, "{\n  \"rows\": [\n"
			   "    {\n      \"name\": \"a b\",\n      \"count\": 4026531833,\n"
			   "      \"fresh\": true\n    },\n"
			   "    {\n      \"name\": \"\\\\x1b[31m\\\\xff\",\n      \"count\": null,\n"
			   "      \"fresh\": null\n    }\n  ]");
}

static void json_has_each_key_once(void **state)
{
	static const struct table_options options = {.json = true, .output = "NAME,name"};
	AUTO_TABLE struct table *table = make(&options);

	(void)state;
	assert_json(table, "{\n  \"rows\": [\n    {\n      \"name\": \"a b\"\n    },\n"
			   "    {\n      \"name\": \"\\\\x1b[31m\\\\xff\"\n    }\n  ]");
}

static void json_of_no_rows_is_an_array(void **state)
{
	static const struct table_options options = {.json = true};
	struct error err;
	AUTO_TABLE struct table *table = table_new(&layout, &options, &err);

	(void)state;
	assert_json(table, "{\n  \"rows\": []");
}

/* A hidden column is read only if the filter or the order depends on it. */
static void needs_of_the_wanted_columns(void **state)
{
	static const struct {
		struct table_options options;
		unsigned int needs;
	} cases[] = {
	    {{0}, 3},
	    {{.output = "FRESH"}, 4},
	    {{.output = "+FRESH"}, 7},
	    {{.output = "NAME", .sort = "COUNT"}, 3},
	    {{.output = "NAME", .all_columns = true}, 1},
	    {{.json = true}, 7},
	};
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		AUTO_TABLE struct table *table = table_new(&layout, &cases[i].options, &err);

		assert_non_null(table);
		assert_int_equal(table_needs(table), cases[i].needs);
	}
}

/* As lsns has its own. */
static void only_the_named_columns(void **state)
{
	static const struct table_layout named = {.groups = {columns, more}, .all = "FRESH,NAME"};
	static const struct table_options all = {.all_columns = true};
	static const struct table_options other = {.output = "COUNT"};
	struct error err;
	AUTO_TABLE struct table *table = table_new(&named, &all, &err);

	(void)state;
	assert_int_equal(table_needs(table), 5);
	assert_null(table_new(&named, &other, &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(default_columns),
	    cmocka_unit_test(chosen_columns),
	    cmocka_unit_test(columns_that_are_not_there),
	    cmocka_unit_test(a_hostile_heading),
	    cmocka_unit_test(needs_of_the_wanted_columns),
	    cmocka_unit_test(only_the_named_columns),
	    cmocka_unit_test(json_has_all_columns_and_their_types),
	    cmocka_unit_test(json_has_each_key_once),
	    cmocka_unit_test(json_of_no_rows_is_an_array),
	};

	return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
