/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "table/json.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* Each byte becomes four at most. */
static const char *escape(struct json *json, const char *text)
{
	size_t length = strlen(text);
	size_t size = 4 * length + 1;

	if (size > json->safe_size) {
		char *larger = realloc(json->safe, size);

		if (!larger) {
			json->lacks_memory = true;
			return "";
		}
		json->safe = larger;
		json->safe_size = size;
	}
	text_escape(text, length, json->safe, json->safe_size);
	return json->safe;
}

/* Nothing but quotes and backslashes is left to escape: text_escape() leaves no control character. */
static void put_string(const char *safe)
{
	putc_unlocked('"', stdout);
	for (size_t length; *safe; safe += length) {
		length = strcspn(safe, "\"\\");
		fwrite_unlocked(safe, 1, length, stdout);
		if (safe[length] == '\0')
			break;
		putc_unlocked('\\', stdout);
		putc_unlocked(safe[length], stdout);
		length++;
	}
	putc_unlocked('"', stdout);
}

static void put_line_end(const struct json *json)
{
	putc_unlocked('\n', stdout);
	for (unsigned int i = 0; i < json->depth; i++)
		fputs_unlocked("  ", stdout);
}

static void begin_value(struct json *json, const char *key)
{
	bool *has_item = &json->has_item[json->depth - 1];

	if (*has_item)
		putc_unlocked(',', stdout);
	*has_item = true;
	put_line_end(json);
	if (!key)
		return;
	put_string(key);
	fputs_unlocked(": ", stdout);
}

static void open_value(struct json *json, bool is_array)
{
	if (json->depth == JSON_DEPTH_MAX)
		abort();
	putc_unlocked(is_array ? '[' : '{', stdout);
	json->is_array[json->depth] = is_array;
	json->has_item[json->depth] = false;
	json->depth++;
}

void json_begin(struct json *json)
{
	*json = (struct json){0};
	open_value(json, false);
}

int json_finish(struct json *json, struct error *err)
{
	if (!json->has_warnings)
		json_open_array(json, "warnings");
	json_close(json);
	json_add_number(json, "schema", JSON_SCHEMA);
	json_close(json);
	putc_unlocked('\n', stdout);
	free(json->safe);
	return json->lacks_memory ? error_set_errno(err, ENOMEM, "cannot write JSON") : 0;
}

void json_add_text(struct json *json, const char *key, const char *text)
{
	begin_value(json, key);
	put_string(escape(json, text));
}

void json_add_number(struct json *json, const char *key, uint64_t number)
{
	begin_value(json, key);
	printf("%" PRIu64, number);
}

void json_add_signed(struct json *json, const char *key, int64_t number)
{
	begin_value(json, key);
	printf("%" PRId64, number);
}

void json_add_answer(struct json *json, const char *key, bool answer)
{
	begin_value(json, key);
	fputs_unlocked(answer ? "true" : "false", stdout);
}

void json_add_null(struct json *json, const char *key)
{
	begin_value(json, key);
	fputs_unlocked("null", stdout);
}

void json_add_number_or_null(struct json *json, const char *key, bool is_known, uint64_t number)
{
	if (is_known)
		json_add_number(json, key, number);
	else
		json_add_null(json, key);
}

void json_open_object(struct json *json, const char *key)
{
	begin_value(json, key);
	open_value(json, false);
}

void json_open_array(struct json *json, const char *key)
{
	begin_value(json, key);
	open_value(json, true);
}

void json_close(struct json *json)
{
	json->depth--;
	if (json->has_item[json->depth])
		put_line_end(json);
	putc_unlocked(json->is_array[json->depth] ? ']' : '}', stdout);
}

void json_warn(struct json *json, const char *format, ...)
{
	char text[512];
	va_list args;

	if (!json->has_warnings)
		json_open_array(json, "warnings");
	json->has_warnings = true;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	json_add_text(json, NULL, text);
}
