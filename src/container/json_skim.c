/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "container/json_skim.h"

#include <jansson.h>
#include <string.h>

#include "base/text.h"

struct json_text json_whole(const char *text, size_t length)
{
	return (struct json_text){.at = text, .length = length};
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static const char *skip_blanks(const char *at, const char *end)
{
	while (at < end && is_blank(*at))
		at++;
	return at;
}

/* Returns what is behind the string that begins at at, or NULL where it does not end. */
static const char *skip_string(const char *at, const char *end)
{
	for (at++; at < end; at++) {
		if (*at == '\\')
			at++;
		else if (*at == '"')
			return at + 1;
	}
	return NULL;
}

/* The same for an object or an array, however deep it is. */
static const char *skip_nested(const char *at, const char *end)
{
	size_t depth = 0;

	while (at < end) {
		if (*at == '"') {
			at = skip_string(at, end);
			if (!at)
				return NULL;
			continue;
		}
		if (*at == '{' || *at == '[')
			depth++;
		else if ((*at == '}' || *at == ']') && --depth == 0)
			return at + 1;
		at++;
	}
	return NULL;
}

static const char *skip_word(const char *at, const char *end)
{
	const char *first = at;

	while (at < end && !is_blank(*at) && !strchr(",:{}[]\"", *at))
		at++;
	/* The end of the text may have cut the word. */
	return at > first && at < end ? at : NULL;
}

static const char *skip_value(const char *at, const char *end)
{
	if (at == end)
		return NULL;
	if (*at == '"')
		return skip_string(at, end);
	if (*at == '{' || *at == '[')
		return skip_nested(at, end);
	return skip_word(at, end);
}

static struct json_text take_value(const char *at, const char *end)
{
	const char *behind = skip_value(at, end);

	return behind ? json_whole(at, (size_t)(behind - at)) : JSON_NONE;
}

/* Returns what is behind the first bracket, or NULL. */
static const char *enter_brackets(struct json_text text, char bracket)
{
	const char *end = text.at + text.length;
	const char *at = text.at ? skip_blanks(text.at, end) : NULL;

	return at && at < end && *at == bracket ? at + 1 : NULL;
}

struct json_text json_member(struct json_text object, const char *key)
{
	const char *end = object.at + object.length;
	const char *at = enter_brackets(object, '{');
	size_t length = strlen(key);

	while (at && (at = skip_blanks(at, end)) < end && *at == '"') {
		const char *name = at + 1;
		struct json_text value;
		bool is_it;

		at = skip_string(at, end);
		if (!at)
			break;
		is_it = (size_t)(at - 1 - name) == length && memcmp(name, key, length) == 0;
		at = skip_blanks(at, end);
		if (at == end || *at != ':')
			break;
		value = take_value(skip_blanks(at + 1, end), end);
		if (is_it || !value.at)
			return value;
		at = skip_blanks(value.at + value.length, end);
		if (at == end || *at != ',')
			break;
		at++;
	}
	return JSON_NONE;
}

struct json_text json_first(struct json_text array)
{
	const char *end = array.at + array.length;
	const char *at = enter_brackets(array, '[');

	return at ? take_value(skip_blanks(at, end), end) : JSON_NONE;
}

struct json_text json_next(struct json_text array, struct json_text item)
{
	const char *end = array.at + array.length;
	const char *at = skip_blanks(item.at + item.length, end);

	if (at == end || *at != ',')
		return JSON_NONE;
	return take_value(skip_blanks(at + 1, end), end);
}

char *json_get_string(struct json_text value)
{
	json_t *decoded;
	char *text = NULL;

	if (!value.at || value.length < 2 || value.at[0] != '"')
		return NULL;
	if (!memchr(value.at, '\\', value.length) && !memchr(value.at, '\0', value.length))
		return strndup(value.at + 1, value.length - 2);
	decoded = json_loadb(value.at, value.length, JSON_DECODE_ANY, NULL);
	if (json_is_string(decoded))
		text = strdup(json_string_value(decoded));
	json_decref(decoded);
	return text;
}

bool json_is_word(struct json_text value, const char *word)
{
	return value.at && value.length >= 2 && value.at[0] == '"' &&
	       text_is_word(value.at + 1, value.length - 2, word);
}

bool json_get_number(struct json_text value, uint64_t max, uint64_t *number)
{
	return value.at && text_parse_digits(value.at, value.length, max, number);
}
