/* SPDX-License-Identifier: GPL-2.0-or-later */
/* table/quantity: amounts, short. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "table/quantity.h"

struct amount {
	uint64_t number;
	const char *text;
};

static void check(void (*format)(uint64_t, char *, size_t), const struct amount *amounts, size_t count)
{
	char text[32];

	for (size_t i = 0; i < count; i++) {
		format(amounts[i].number, text, sizeof(text));
		assert_string_equal(text, amounts[i].text);
	}
}

static void bytes(void **state)
{
	static const struct amount amounts[] = {
	    {0, "0B"},
	    {1023, "1023B"},
	    {1024, "1K"},
	    {1536, "1.5K"},
	    {102400, "100K"},
	    {1048575, "1023K"},
	    {1048576, "1M"},
	    {13107200, "12.5M"},
	    {UINT64_C(1) << 40, "1T"},
	    {UINT64_MAX, "15.9E"},
	};

	(void)state;
	check(quantity_format_bytes, amounts, sizeof(amounts) / sizeof(amounts[0]));
}

static void counts(void **state)
{
	static const struct amount amounts[] = {{0, "0"}, {UINT64_MAX, "18446744073709551615"}};

	(void)state;
	check(quantity_format_count, amounts, sizeof(amounts) / sizeof(amounts[0]));
}

static void processors(void **state)
{
	static const struct amount amounts[] = {
	    {0, "0"}, {1, "0.001"}, {500, "0.5"}, {1000, "1"}, {1250, "1.25"}, {10000, "10"},
	};

	(void)state;
	check(quantity_format_processors, amounts, sizeof(amounts) / sizeof(amounts[0]));
}

static void usec(void **state)
{
	static const struct amount amounts[] = {
	    {999, "0ms"},      {11000, "11ms"},     {999999, "999ms"},
	    {1000000, "1.0s"}, {59900000, "59.9s"}, {61000000, "1m1s"},
	};

	(void)state;
	check(quantity_format_usec, amounts, sizeof(amounts) / sizeof(amounts[0]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(bytes),
	    cmocka_unit_test(counts),
	    cmocka_unit_test(processors),
	    cmocka_unit_test(usec),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
