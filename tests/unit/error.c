/* SPDX-License-Identifier: GPL-2.0-or-later */
/* base/error: filled, wrapped, printed once, on one line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "capture.h"

static void print(const struct error *err, char *text, size_t size)
{
	struct capture capture;

	capture_start(&capture, STDERR_FILENO);
	error_print(err, "prog");
	capture_end(&capture, text, size);
}

static void returns_the_negative_number(void **state)
{
	struct error err;

	(void)state;
	assert_int_equal(error_set(&err, ENOENT, "a %d", 1), -ENOENT);
	assert_string_equal(err.message, "a 1");
	assert_int_equal(error_set_errno(&err, EACCES, "b %s", "c"), -EACCES);
	assert_string_equal(err.message, "b c: Permission denied");
	assert_int_equal(error_wrap(&err, "while %s", "d"), -EACCES);
	assert_string_equal(err.message, "while d: b c: Permission denied");
	assert_int_equal(error_explain(&err, "as %s", "f"), -EACCES);
	assert_string_equal(err.message, "while d: b c: Permission denied: as f");
	assert_int_equal(error_hint(&err, "try %s", "e"), -EACCES);
	assert_string_equal(err.hint, "try e");
}

static void setting_forgets_the_hint(void **state)
{
	struct error err;

	(void)state;
	error_set(&err, 1, "a");
	error_hint(&err, "b");
	error_set_errno(&err, EPERM, "c");
	assert_string_equal(err.hint, "");
}

static void prints_one_line(void **state)
{
	char text[4096];
	struct error err;

	(void)state;
	error_set(&err, 1, "message");
	print(&err, text, sizeof(text));
	assert_string_equal(text, "prog: message\n");
	error_hint(&err, "hint");
	print(&err, text, sizeof(text));
	assert_string_equal(text, "prog: message; hint\n");
}

static void prints_nothing_raw(void **state)
{
	char text[4096];
	struct error err;

	(void)state;
	error_set(&err, 1, "a\n\x1b[31m\xff%s", "\xc2\x9b");
	error_hint(&err, "b\r");
	print(&err, text, sizeof(text));
	assert_string_equal(text, "prog: a\\x0a\\x1b[31m\\xff\\xc2\\x9b; b\\x0d\n");
}

static void cuts_what_is_too_long(void **state)
{
	static char text[16384];
	char word[3000];
	struct error err;

	(void)state;
	memset(word, '\x01', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	error_set(&err, 1, "%s", word);
	error_wrap(&err, "%s", word);
	error_hint(&err, "%s", word);
	print(&err, text, sizeof(text));
	assert_int_equal(strlen(text), strcspn(text, "\n") + 1);
	assert_null(strchr(text, '\x01'));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(returns_the_negative_number),
	    cmocka_unit_test(setting_forgets_the_hint),
	    cmocka_unit_test(prints_one_line),
	    cmocka_unit_test(prints_nothing_raw),
	    cmocka_unit_test(cuts_what_is_too_long),
	};

	return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
