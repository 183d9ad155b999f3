/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* The length of the valid UTF-8 character at in, and its code point; 0 where it is not one. */
static size_t decode(const unsigned char *in, size_t length, uint32_t *point)
{
	static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t need;

	if (in[0] < 0x80) {
		*point = in[0];
		return 1;
	}
	if (in[0] >= 0xc2 && in[0] <= 0xdf)
		need = 2;
	else if ((in[0] & 0xf0) == 0xe0)
		need = 3;
	else if (in[0] >= 0xf0 && in[0] <= 0xf4)
		need = 4;
	else
		return 0;
	if (need > length)
		return 0;
	*point = in[0] & (0x7fU >> need);
	for (size_t i = 1; i < need; i++) {
		if ((in[i] & 0xc0) != 0x80)
			return 0;
		*point = *point << 6 | (in[i] & 0x3fU);
	}
	if (*point < smallest[need] || *point > 0x10ffff || (*point >= 0xd800 && *point <= 0xdfff))
		return 0;
	return need;
}

/*
 * Controls, and characters that nobody sees: a name could look like another one, or
 * like the text beside it.  U+200C and U+200D join letters, which some scripts need.
 */
static const struct {
	uint32_t first;
	uint32_t last;
} unprintable[] = {
    {0x00, 0x1f},     {0x7f, 0x9f},     {0xad, 0xad},     {0x61c, 0x61c},
    {0x180e, 0x180e}, {0x200b, 0x200b}, {0x200e, 0x200f}, {0x2028, 0x202e},
    {0x2060, 0x206f}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0xe0000, 0xe007f},
};

static bool is_printable(uint32_t point)
{
	for (size_t i = 0; i < sizeof(unprintable) / sizeof(unprintable[0]); i++) {
		if (point <= unprintable[i].last)
			return point < unprintable[i].first;
	}
	return true;
}

/* last: the highest code point that may stay. */
static size_t escape_beyond(uint32_t last, const char *in, size_t length, char *out, size_t size)
{
	size_t used = 0;
	size_t i = 0;

	if (size == 0)
		return 0;
	while (i < length) {
		const unsigned char *at = (const unsigned char *)in + i;
		uint32_t point = 0;
		size_t step = decode(at, length - i, &point);
		bool ambiguous = at[0] == '\\' && i + 1 < length && at[1] == 'x';

		if (step > 0 && point <= last && is_printable(point) && !ambiguous) {
			if (used + step >= size)
				break;
			memcpy(out + used, at, step);
			used += step;
			i += step;
			continue;
		}
		if (step == 0)
			step = 1;
		if (used + 4 * step >= size)
			break;
		for (size_t j = 0; j < step; j++)
			used += (size_t)snprintf(out + used, size - used, "\\x%02x", at[j]);
		i += step;
	}
	out[used] = '\0';
	return used;
}

size_t text_escape(const char *in, size_t length, char *out, size_t size)
{
	return escape_beyond(UINT32_MAX, in, length, out, size);
}

size_t text_escape_to_ascii(const char *in, size_t length, char *out, size_t size)
{
	return escape_beyond(0x7f, in, length, out, size);
}

static bool read_digits(const char *text, size_t length, uint64_t max, uint64_t *number)
{
	uint64_t value = 0;

	if (length == 0)
		return false;
	for (size_t i = 0; i < length; i++) {
		unsigned int digit = (unsigned char)text[i] - (unsigned int)'0';

		if (digit > 9)
			return false;
		if (__builtin_mul_overflow(value, 10U, &value) ||
		    __builtin_add_overflow(value, digit, &value) || value > max)
			return false;
	}
	*number = value;
	return true;
}

bool text_parse_digits(const char *text, size_t length, uint64_t max, uint64_t *number)
{
	return (length <= 1 || text[0] != '0') && read_digits(text, length, max, number);
}

bool text_parse_number(const char *text, uint64_t max, uint64_t *number)
{
	return text_parse_digits(text, strlen(text), max, number);
}

bool text_parse_number_as_strtoul(const char *text, uint64_t max, uint64_t *number)
{
	text += strspn(text, " \t\n\v\f\r");
	text += *text == '+';
	return read_digits(text, strlen(text), max, number);
}

char text_to_lower(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c | 0x20);
	return c;
}

static size_t least_of(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* The longest word that is compared. */
#define WORD_MAX 32

bool text_is_shell_word(const char *text)
{
	return !text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+:@%,")];
}

bool text_is_word(const char *text, size_t length, const char *word)
{
	return strlen(word) == length && memcmp(text, word, length) == 0;
}

bool text_ends_with(const char *text, size_t length, const char *end)
{
	size_t end_length = strlen(end);

	return length >= end_length && memcmp(text + length - end_length, end, end_length) == 0;
}

/*
 * How many letters have to be added, removed, replaced or exchanged with their
 * neighbour to get from a to b; upper and lower case are alike.
 */
static size_t distance(const char *a, const char *b)
{
	size_t rows[3][WORD_MAX + 1]; /* for the last three letters of a */
	size_t length = strlen(b);
	size_t i = 0;

	if (length > WORD_MAX)
		return SIZE_MAX;
	for (size_t j = 0; j <= length; j++)
		rows[0][j] = j;
	while (a[i]) {
		size_t *row = rows[(i + 1) % 3];
		const size_t *above = rows[i % 3];

		row[0] = ++i;
		for (size_t j = 1; j <= length; j++) {
			row[j] = above[j - 1] + (text_to_lower(a[i - 1]) != text_to_lower(b[j - 1]));
			row[j] = least_of(row[j], least_of(row[j - 1], above[j]) + 1);
			if (i > 1 && j > 1 && text_to_lower(a[i - 1]) == text_to_lower(b[j - 2]) &&
			    text_to_lower(a[i - 2]) == text_to_lower(b[j - 1]))
				row[j] = least_of(row[j], rows[(i + 1) % 3][j - 2] + 1);
		}
	}
	return rows[i % 3][length];
}

const char *text_nearest(const char *word, const char *const *candidates)
{
	const char *nearest = NULL;
	size_t least = SIZE_MAX;

	if (strlen(word) > WORD_MAX)
		return NULL;
	for (; *candidates; candidates++) {
		size_t far = distance(word, *candidates);

		size_t most = strlen(*candidates) > 4 ? 2 : 1;

		if (far < least && far <= most && far < strlen(*candidates)) {
			least = far;
			nearest = *candidates;
		}
	}
	return nearest;
}
