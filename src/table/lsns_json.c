/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "table/lsns_json.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "table/lines.h"

#define INDENT "   "

/* The depth within the array of JSON_LINES, where lines end. */
#define ROW_DEPTH 2

static void lsns_put_line_end(const struct lsns_json *json)
{
	if (json->layout != JSON_PRETTY)
		return;
	putc_unlocked('\n', stdout);
	for (unsigned int i = 0; i < json->depth; i++)
		fputs_unlocked(INDENT, stdout);
}

static void lsns_put_key(struct lsns_json *json, const char *key)
{
	if (json->has_item)
		putc_unlocked(',', stdout);
	json->has_item = true;
	lsns_put_line_end(json);
	putc_unlocked('"', stdout);
	for (; *key; key++)
		putc_unlocked(text_to_lower(*key), stdout);
	fputs_unlocked(json->layout == JSON_PRETTY ? "\": " : "\":", stdout);
}

void lsns_json_begin(struct lsns_json *json, enum json_layout layout, const char *key)
{
	*json = (struct lsns_json){.layout = layout};
	if (layout == JSON_LINES) {
		json->depth = ROW_DEPTH;
		return;
	}
	putc_unlocked('{', stdout);
	json->depth++;
	lsns_json_open_array(json, key);
}

int lsns_json_finish(struct lsns_json *json)
{
	if (json->layout != JSON_LINES) {
		lsns_json_close_array(json);
		json->depth--;
		lsns_put_line_end(json);
		fputs_unlocked("}\n", stdout);
	}
	free(json->string.safe);
	return json->lacks_memory ? -ENOMEM : 0;
}

void lsns_json_open_object(struct lsns_json *json)
{
	if (json->has_item)
		putc_unlocked(',', stdout);
	else
		lsns_put_line_end(json);
	if (json->layout == JSON_COMPACT && json->depth == ROW_DEPTH)
		putc_unlocked('\n', stdout);
	putc_unlocked('{', stdout);
	json->depth++;
	json->has_item = false;
}

void lsns_json_close_object(struct lsns_json *json)
{
	bool ends_line;

	json->depth--;
	lsns_put_line_end(json);
	putc_unlocked('}', stdout);
	ends_line = json->layout == JSON_LINES && json->depth == ROW_DEPTH;
	if (ends_line)
		putc_unlocked('\n', stdout);
	json->has_item = !ends_line;
}

void lsns_json_open_array(struct lsns_json *json, const char *key)
{
	lsns_put_key(json, key);
	putc_unlocked('[', stdout);
	json->depth++;
	json->has_item = false;
}

void lsns_json_close_array(struct lsns_json *json)
{
	json->depth--;
	/* As lsns(8) does, writes an empty line into an empty array. */
	if (json->layout == JSON_PRETTY && !json->has_item)
		putc_unlocked('\n', stdout);
	if (json->layout == JSON_COMPACT && json->depth < ROW_DEPTH)
		putc_unlocked('\n', stdout);
	lsns_put_line_end(json);
	putc_unlocked(']', stdout);
	json->has_item = true;
}

void lsns_json_add_null(struct lsns_json *json, const char *key)
{
	lsns_put_key(json, key);
	fputs_unlocked("null", stdout);
}

void lsns_json_add_number(struct lsns_json *json, const char *key, const char *digits)
{
	lsns_put_key(json, key);
	fputs_unlocked(digits, stdout);
}

void lsns_json_add_text(struct lsns_json *json, const char *key, const char *text)
{
	lsns_put_key(json, key);
	putc_unlocked('"', stdout);
	json->lacks_memory |= !json_string_put(&json->string, text);
	putc_unlocked('"', stdout);
}

void lsns_json_add_lines(struct lsns_json *json, const char *key, const char *lines, const char *separator)
{
	lsns_put_key(json, key);
	putc_unlocked('"', stdout);
	while (*lines) {
		AUTO_FREE char *text = lines_next(&lines);

		if (!text) {
			json->lacks_memory = true;
			break;
		}
		json->lacks_memory |= !json_string_put(&json->string, text);
		if (*lines)
			fputs_unlocked(separator, stdout);
	}
	putc_unlocked('"', stdout);
}
