/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "table/json.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void json_put_line_end(const struct json *json)
{
	putc_unlocked('\n', stdout);
	for (unsigned int i = 0; i < json->depth; i++)
		fputs_unlocked("  ", stdout);
}

static void json_begin_value(struct json *json, const char *key)
{
	bool *has_item = &json->has_item[json->depth - 1];

	/* A key after json_warn() would otherwise become an item of "warnings". */
	if (key && json->is_array[json->depth - 1])
		abort();
	if (*has_item)
		putc_unlocked(',', stdout);
	*has_item = true;
	json_put_line_end(json);
	if (!key)
		return;
	putc_unlocked('"', stdout);
	fputs_unlocked(key, stdout);
	fputs_unlocked("\": ", stdout);
}

static void json_open_value(struct json *json, bool is_array)
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
	json_open_value(json, false);
}

int json_finish(struct json *json, struct error *err)
{
	if (!json->has_warnings)
		json_open_array(json, "warnings");
	json_close(json);
	json_add_number(json, "schema", JSON_SCHEMA);
	json_close(json);
	putc_unlocked('\n', stdout);
	free(json->string.safe);
	return json->lacks_memory ? error_set_errno(err, ENOMEM, "cannot write JSON") : 0;
}

void json_add_text(struct json *json, const char *key, const char *text)
{
	json_begin_value(json, key);
	putc_unlocked('"', stdout);
	json->lacks_memory |= !json_string_put(&json->string, text);
	putc_unlocked('"', stdout);
}

void json_add_number(struct json *json, const char *key, uint64_t number)
{
	json_begin_value(json, key);
	printf("%" PRIu64, number);
}

void json_add_signed(struct json *json, const char *key, int64_t number)
{
	json_begin_value(json, key);
	printf("%" PRId64, number);
}

void json_add_answer(struct json *json, const char *key, bool answer)
{
	json_begin_value(json, key);
	fputs_unlocked(answer ? "true" : "false", stdout);
}

void json_add_null(struct json *json, const char *key)
{
	json_begin_value(json, key);
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
	json_begin_value(json, key);
	json_open_value(json, false);
}

void json_open_array(struct json *json, const char *key)
{
	json_begin_value(json, key);
	json_open_value(json, true);
}

void json_close(struct json *json)
{
	json->depth--;
	if (json->has_item[json->depth])
		json_put_line_end(json);
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
