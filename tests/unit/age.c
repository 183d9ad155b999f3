/* SPDX-License-Identifier: GPL-2.0-or-later */
/* table/age: spans of time, short. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "table/age.h"

static void two_units(void **state)
{
	static const struct {
		uint64_t seconds;
		const char *text;
	} spans[] = {{0, "0s"},       {59, "59s"},        {60, "1m"},
		     {61, "1m1s"},    {3599, "59m59s"},   {3600, "1h"},
		     {3661, "1h1m"},  {86399, "23h59m"},  {86400, "1d"},
		     {90000, "1d1h"}, {31536000, "365d"}, {UINT64_MAX, "213503982334601d7h"}};
	char text[48];

	(void)state;
	for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++) {
		age_format(spans[i].seconds, text, sizeof(text));
		assert_string_equal(text, spans[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(two_units)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
