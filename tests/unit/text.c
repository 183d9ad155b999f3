/* SPDX-License-Identifier: GPL-2.0-or-later */
/* base/text: hostile text made safe, strict numbers, the nearest word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static void assert_escaped(const char *in, size_t length, const char *expected)
{
	char out[512];
	size_t got = text_escape(in, length, out, sizeof(out));

	assert_string_equal(out, expected);
	assert_int_equal(got, strlen(expected));
}

static void assert_text_escaped(const char *in, const char *expected)
{
	assert_escaped(in, strlen(in), expected);
}

static void assert_kept(const char *in)
{
	assert_text_escaped(in, in);
}

/* Every byte becomes \xNN. */
static void assert_all_escaped(const char *in, size_t length)
{
	char expected[512];

	for (size_t i = 0; i < length; i++)
		snprintf(expected + 4 * i, sizeof(expected) - 4 * i, "\\x%02x", (unsigned char)in[i]);
	assert_escaped(in, length, expected);
}

/* Writes a code point below U+10000, without asking whether it is a good one. */
static size_t encode(uint32_t point, char *out)
{
	if (point < 0x80) {
		out[0] = (char)point;
		return 1;
	}
	if (point < 0x800) {
		out[0] = (char)(0xc0 | point >> 6);
		out[1] = (char)(0x80 | (point & 0x3f));
		return 2;
	}
	if (point < 0x10000) {
		out[0] = (char)(0xe0 | point >> 12);
		out[1] = (char)(0x80 | (point >> 6 & 0x3f));
		out[2] = (char)(0x80 | (point & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | point >> 18);
	out[1] = (char)(0x80 | (point >> 12 & 0x3f));
	out[2] = (char)(0x80 | (point >> 6 & 0x3f));
	out[3] = (char)(0x80 | (point & 0x3f));
	return 4;
}

static void assert_point_escaped(uint32_t point)
{
	char in[4];
	size_t length = encode(point, in);

	assert_all_escaped(in, length);
}

static void assert_point_kept(uint32_t point)
{
	char in[5];
	size_t length = encode(point, in);

	in[length] = '\0';
	assert_kept(in);
}

/* A judge of UTF-8 that is not the code under test. */
static bool is_utf8(const char *text, size_t length)
{
	uint32_t points[512];
	char *in = (char *)text;
	char *out = (char *)points;
	size_t room = sizeof(points);
	iconv_t converter = iconv_open("UTF-32LE", "UTF-8");
	bool is_valid;

	assert_true(converter != (iconv_t)-1);
	is_valid = iconv(converter, &in, &length, &out, &room) != (size_t)-1;
	iconv_close(converter);
	return is_valid;
}

static unsigned char hex_byte(const char *digits)
{
	const char pair[] = {digits[0], digits[1], '\0'};

	return (unsigned char)strtoul(pair, NULL, 16);
}

/* The reverse of text_escape(). */
static size_t unescape(const char *in, char *out)
{
	size_t length = 0;

	while (*in) {
		if (in[0] == '\\' && in[1] == 'x') {
			out[length++] = (char)hex_byte(in + 2);
			in += 4;
		} else {
			out[length++] = *in++;
		}
	}
	return length;
}

static void escape_keeps_what_can_be_printed(void **state)
{
	(void)state;
	assert_kept("");
	assert_kept("nsctl ~!@#$%^&*()_+ 0123456789");
	assert_kept("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
	assert_point_kept(0xa0);
	assert_point_kept(0x7ff);
	assert_point_kept(0x800);
	assert_point_kept(0xfffd);
	assert_kept("\xf0\x90\x80\x80");
	assert_kept("\xf4\x8f\xbf\xbf");
}

static void escape_shows_control_bytes(void **state)
{
	(void)state;
	for (unsigned int byte = 0; byte < 0x20; byte++)
		assert_point_escaped(byte);
	assert_point_escaped(0x7f);
	assert_text_escaped("a\033[31mb\nc\rd\te", "a\\x1b[31mb\\x0ac\\x0dd\\x09e");
}

static void escape_shows_c1_controls(void **state)
{
	(void)state;
	for (uint32_t point = 0x80; point < 0xa0; point++)
		assert_point_escaped(point);
}

/* Unicode's property Bidi_Control. */
static void escape_shows_direction_controls(void **state)
{
	static const uint32_t controls[] = {0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d,
					    0x202e, 0x2066, 0x2067, 0x2068, 0x2069};

	(void)state;
	for (size_t i = 0; i < sizeof(controls) / sizeof(controls[0]); i++)
		assert_point_escaped(controls[i]);
}

static void escape_shows_invisible_characters(void **state)
{
	static const uint32_t invisible[] = {0xad, 0x180e, 0x200b, 0x2060, 0xfeff, 0xfff9, 0xe0001, 0xe0041};
	static const uint32_t visible[] = {0xac,   0xae,   0x200a, 0x200c, 0x200d, 0x205f,
					   0x2070, 0xfefe, 0xfffc, 0xfffd, 0xe0080};

	(void)state;
	for (size_t i = 0; i < sizeof(invisible) / sizeof(invisible[0]); i++)
		assert_point_escaped(invisible[i]);
	for (size_t i = 0; i < sizeof(visible) / sizeof(visible[0]); i++)
		assert_point_kept(visible[i]);
}

static void escape_shows_the_arabic_letter_mark(void **state)
{
	(void)state;
	assert_point_escaped(0x61c);
}

static void escape_shows_line_separators(void **state)
{
	(void)state;
	assert_point_escaped(0x2028);
	assert_point_escaped(0x2029);
	assert_point_kept(0x2010);
	assert_point_kept(0x2027);
	assert_point_kept(0x202f);
	assert_point_kept(0x2070);
}

static void escape_shows_lone_bytes(void **state)
{
	(void)state;
	for (unsigned int byte = 0x80; byte <= 0xff; byte++) {
		const char in[] = {'<', (char)byte, '>'};
		char expected[8];

		snprintf(expected, sizeof(expected), "<\\x%02x>", byte);
		assert_escaped(in, sizeof(in), expected);
	}
}

static void escape_shows_overlong_forms(void **state)
{
	(void)state;
	assert_all_escaped("\xc0\x80", 2);
	assert_all_escaped("\xc1\xbf", 2);
	assert_all_escaped("\xe0\x80\x80", 3);
	assert_all_escaped("\xe0\x9f\xbf", 3);
	assert_all_escaped("\xf0\x80\x80\x80", 4);
	assert_all_escaped("\xf0\x8f\xbf\xbf", 4);
	assert_all_escaped("\xf8\x88\x80\x80\x80", 5);
	assert_all_escaped("\xfc\x84\x80\x80\x80\x80", 6);
}

static void escape_shows_surrogates(void **state)
{
	(void)state;
	for (uint32_t point = 0xd800; point <= 0xdfff; point++)
		assert_point_escaped(point);
	assert_point_kept(0xd7ff);
	assert_point_kept(0xe000);
}

static void escape_shows_what_is_beyond_unicode(void **state)
{
	(void)state;
	assert_all_escaped("\xf4\x90\x80\x80", 4);
	assert_all_escaped("\xf5\x80\x80\x80", 4);
	assert_all_escaped("\xff\xfe", 2);
}

static void escape_shows_characters_that_break_off(void **state)
{
	(void)state;
	assert_all_escaped("\xe2\x82", 2);
	assert_all_escaped("\xf0\x9f\x98", 3);
	assert_text_escaped("\xe2\x82z", "\\xe2\\x82z");
	assert_text_escaped("\xe2\x82\xc3\xa9", "\\xe2\\x82\xc3\xa9");
	/* length ends it, whatever lies behind */
	assert_escaped("\xe2\x82\xac", 2, "\\xe2\\x82");
}

static void escape_goes_on_behind_a_nul(void **state)
{
	(void)state;
	assert_escaped("a\0b", 3, "a\\x00b");
}

static void escape_marks_a_backslash_before_x(void **state)
{
	(void)state;
	assert_text_escaped("\\x1b", "\\x5cx1b");
	assert_text_escaped("\\\\x", "\\\\x5cx");
	assert_kept("C:\\dir\\y");
	assert_kept("\\");
	assert_kept("\\X1b");
	assert_escaped("\\x", 1, "\\");
}

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 16;
}

/* Bytes that come together in trouble. */
static size_t make_hostile(uint32_t *seed, char *out, size_t size)
{
	static const char bytes[] =
	    "\\x5cab\033\n\x7f\x80\x9c\xc2\xc3\xa9\xe2\x80\xae\xac\xed\xa0\xf0\x9f\x98";
	size_t length = next_random(seed) % size;

	for (size_t i = 0; i < length; i++)
		out[i] = bytes[next_random(seed) % sizeof(bytes)];
	return length;
}

static void escape_can_be_turned_back(void **state)
{
	uint32_t seed = 1;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		char in[24];
		char out[4 * sizeof(in) + 1];
		char back[sizeof(out)];
		size_t length = make_hostile(&seed, in, sizeof(in));
		size_t got = text_escape(in, length, out, sizeof(out));

		assert_int_equal(got, strlen(out));
		assert_true(is_utf8(out, got));
		assert_int_equal(unescape(out, back), length);
		assert_memory_equal(back, in, length);
	}
}

static void escape_needs_room(void **state)
{
	char out[2] = {'?', '?'};

	(void)state;
	assert_int_equal(text_escape("abc", 3, out, 0), 0);
	assert_int_equal(out[0], '?');
	assert_int_equal(text_escape("abc", 3, out, 1), 0);
	assert_int_equal(out[0], '\0');
	assert_int_equal(out[1], '?');
	assert_int_equal(text_escape("", 0, out, 1), 0);
}

/* Where out may end: behind whole characters and whole escapes. */
static bool is_boundary(const char *full, size_t at)
{
	size_t i = 0;

	while (i < at) {
		if (full[i] == '\\' && full[i + 1] == 'x')
			i += 4;
		else
			i++;
	}
	return i == at && ((unsigned char)full[at] & 0xc0) != 0x80;
}

static void escape_never_cuts_within(void **state)
{
	static const char in[] = "a\xe2\x82\xac\033z\xf0\x9f\x98\x80\xff\\x41\xc3\xa9\xc2\x9b";
	char full[128];
	size_t whole = text_escape(in, strlen(in), full, sizeof(full));

	(void)state;
	for (size_t size = 1; size <= whole + 1; size++) {
		char out[128];
		size_t got;

		memset(out, '?', sizeof(out));
		got = text_escape(in, strlen(in), out, size);
		assert_true(got < size);
		assert_int_equal(strlen(out), got);
		assert_memory_equal(out, full, got);
		assert_true(is_boundary(full, got));
		assert_true(is_utf8(out, got));
		assert_int_equal(out[size], '?');
	}
}

/* U+009B is two bytes: both escapes, or none. */
static void escape_keeps_the_bytes_of_a_control_together(void **state)
{
	char out[16];

	(void)state;
	assert_int_equal(text_escape("\xc2\x9b", 2, out, 8), 0);
	assert_int_equal(text_escape("\xc2\x9b", 2, out, 9), 8);
	assert_string_equal(out, "\\xc2\\x9b");
}

static void escape_uses_all_the_room(void **state)
{
	char out[16];

	(void)state;
	assert_int_equal(text_escape("abcd", 4, out, 4), 3);
	assert_string_equal(out, "abc");
	assert_int_equal(text_escape("abcd", 4, out, 5), 4);
	assert_int_equal(text_escape("\033", 1, out, 4), 0);
	assert_int_equal(text_escape("\033", 1, out, 5), 4);
	assert_int_equal(text_escape("\xe2\x82\xac", 3, out, 3), 0);
	assert_int_equal(text_escape("\xe2\x82\xac", 3, out, 4), 3);
}

static void assert_number(const char *text, uint64_t max, uint64_t expected)
{
	uint64_t number = ~expected;

	assert_true(text_parse_number(text, max, &number));
	assert_true(number == expected);
}

static void assert_no_number(const char *text, uint64_t max)
{
	uint64_t number;

	assert_false(text_parse_number(text, max, &number));
}

static void number_is_read(void **state)
{
	(void)state;
	assert_number("0", 0, 0);
	assert_number("7", 10, 7);
	assert_number("4294967295", UINT32_MAX, UINT32_MAX);
	assert_number("4294967296", UINT64_MAX, 4294967296U);
	assert_number("18446744073709551615", UINT64_MAX, UINT64_MAX);
}

static void number_has_a_limit(void **state)
{
	(void)state;
	assert_number("10", 10, 10);
	assert_no_number("11", 10);
	assert_no_number("1", 0);
	assert_no_number("4294967296", UINT32_MAX);
	assert_no_number("18446744073709551616", UINT64_MAX);
	assert_no_number("18446744073709551625", UINT64_MAX);
	assert_no_number("99999999999999999999", UINT64_MAX);
	assert_no_number("340282366920938463463374607431768211456", UINT64_MAX);
}

static void number_is_strict(void **state)
{
	static const char *const bad[] = {"",   "00",  "01",  "+1",  "-1",  "-0",       " 1",
					  "1 ", "1\n", "\t1", "1a",  "0x1", "1.0",      "1e3",
					  "a",  ":",   "/",   "1,0", "1_0", "\xd9\xa1", "\xef\xbc\x91"};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_no_number(bad[i], UINT64_MAX);
}

static const char *const commands[] = {"show", "compare", "enter", "ps", NULL};

static void numbers_as_strtoul_reads_them(void **state)
{
	static const char *const good[] = {"7", "07", "+7", " 7", "\t\n\v\f\r 0007", " +7"};
	static const char *const bad[] = {"", " ", "+", "-7", " -7", "++7", "+ 7", "7 ", "7x", "0x7", "101"};
	uint64_t number;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		number = 0;
		assert_true(text_parse_number_as_strtoul(good[i], 100, &number));
		assert_int_equal(number, 7);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(text_parse_number_as_strtoul(bad[i], 100, &number));
	assert_true(text_parse_number_as_strtoul("18446744073709551615", UINT64_MAX, &number));
	assert_false(text_parse_number_as_strtoul("18446744073709551616", UINT64_MAX, &number));
}

static void only_ascii_letters_become_lower_case(void **state)
{
	static const char other[] = "az09@[`{_%\xc3\x89";

	(void)state;
	for (size_t i = 0; other[i]; i++)
		assert_true(text_to_lower(other[i]) == other[i]);
	assert_int_equal(text_to_lower('A'), 'a');
	assert_int_equal(text_to_lower('Z'), 'z');
}

static void nearest_finds_a_typo(void **state)
{
	(void)state;
	assert_string_equal(text_nearest("shwo", commands), "show");
	assert_string_equal(text_nearest("compere", commands), "compare");
	assert_string_equal(text_nearest("ente", commands), "enter");
	assert_string_equal(text_nearest("eenter", commands), "enter");
	assert_string_equal(text_nearest("px", commands), "ps");
	assert_string_equal(text_nearest("show", commands), "show");
	assert_string_equal(text_nearest("SHWO", commands), "show");
	assert_string_equal(text_nearest("hsow", commands), "show");
}

static void nearest_prefers_the_least_distance(void **state)
{
	static const char *const words[] = {"abcd", "abcx", "abxx", NULL};

	(void)state;
	assert_string_equal(text_nearest("abxx", words), "abxx");
	assert_string_equal(text_nearest("abcz", words), "abcd");
	assert_string_equal(text_nearest("azxx", words), "abxx");
}

static void nearest_does_not_guess(void **state)
{
	static const char *const none[] = {NULL};

	(void)state;
	assert_null(text_nearest("frobnicate", commands));
	assert_null(text_nearest("", commands));
	assert_null(text_nearest("xy", commands));
	/* Of a short word half is not enough. */
	assert_null(text_nearest("stop", commands));
	assert_null(text_nearest("show", none));
}

static void nearest_bears_long_words(void **state)
{
	static const char longest[] = "abcdefghijklmnopqrstuvwxyz012345";
	static const char too_long[] = "abcdefghijklmnopqrstuvwxyz0123456";
	static const char *const words[] = {longest, too_long, NULL};

	(void)state;
	assert_string_equal(text_nearest(longest, words), longest);
	assert_null(text_nearest(too_long, words));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(escape_keeps_what_can_be_printed),
	    cmocka_unit_test(escape_shows_control_bytes),
	    cmocka_unit_test(escape_shows_c1_controls),
	    cmocka_unit_test(escape_shows_direction_controls),
	    cmocka_unit_test(escape_shows_invisible_characters),
	    cmocka_unit_test(escape_shows_the_arabic_letter_mark),
	    cmocka_unit_test(escape_shows_line_separators),
	    cmocka_unit_test(escape_shows_lone_bytes),
	    cmocka_unit_test(escape_shows_overlong_forms),
	    cmocka_unit_test(escape_shows_surrogates),
	    cmocka_unit_test(escape_shows_what_is_beyond_unicode),
	    cmocka_unit_test(escape_shows_characters_that_break_off),
	    cmocka_unit_test(escape_goes_on_behind_a_nul),
	    cmocka_unit_test(escape_marks_a_backslash_before_x),
	    cmocka_unit_test(escape_can_be_turned_back),
	    cmocka_unit_test(escape_needs_room),
	    cmocka_unit_test(escape_never_cuts_within),
	    cmocka_unit_test(escape_keeps_the_bytes_of_a_control_together),
	    cmocka_unit_test(escape_uses_all_the_room),
	    cmocka_unit_test(number_is_read),
	    cmocka_unit_test(number_has_a_limit),
	    cmocka_unit_test(number_is_strict),
	    cmocka_unit_test(numbers_as_strtoul_reads_them),
	    cmocka_unit_test(only_ascii_letters_become_lower_case),
	    cmocka_unit_test(nearest_finds_a_typo),
	    cmocka_unit_test(nearest_prefers_the_least_distance),
	    cmocka_unit_test(nearest_does_not_guess),
	    cmocka_unit_test(nearest_bears_long_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
