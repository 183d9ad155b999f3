/* SPDX-License-Identifier: GPL-2.0-or-later */
/* table/json: the writer, and the parts of the contract that all commands share. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

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

static void assert_aborts(void (*write)(void))
{
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		const struct rlimit no_core = {0};

		signal(SIGABRT, SIG_DFL);
		setrlimit(RLIMIT_CORE, &no_core);
		begin();
		write();
		_exit(0);
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
}

static void add_key_after_warning(void)
{
	json_warn(&json, "first");
	json_add_number(&json, "late", 1);
}

static void open_key_after_warning(void)
{
	json_warn(&json, "first");
	json_open_array(&json, "late");
}

static void no_key_follows_a_warning(void **state)
{
	(void)state;
	assert_aborts(add_key_after_warning);
	assert_aborts(open_key_after_warning);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(schema_and_warnings_are_always_there),
	    cmocka_unit_test(any_text_is_a_string),
	    cmocka_unit_test(numbers_are_exact),
	    cmocka_unit_test(objects_and_arrays_nest),
	    cmocka_unit_test(warnings_are_gathered),
	    cmocka_unit_test(no_key_follows_a_warning),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
