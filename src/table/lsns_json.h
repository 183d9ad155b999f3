/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The JSON of lsns(8), which libsmartcols prints there; here in each of the layouts that 2.42 has. */
#ifndef NSCTL_TABLE_LSNS_JSON_H
#define NSCTL_TABLE_LSNS_JSON_H

#include <stdbool.h>

#include "table/json_string.h"
#include "table/options.h"

struct lsns_json {
	enum json_layout layout;
	unsigned int depth;
	bool has_item; /* in the object or array that was opened last */
	struct json_string string;
	bool lacks_memory;
};

/* Begins an object with one array of objects; the layout JSON_LINES has these alone, a line each. */
void lsns_json_begin(struct lsns_json *json, enum json_layout layout, const char *key);

/* Ends it.  Returns 0, or -ENOMEM where a text could not be escaped. */
int lsns_json_finish(struct lsns_json *json);

/* An object in an array, and an array in an object. */
void lsns_json_open_object(struct lsns_json *json);
void lsns_json_close_object(struct lsns_json *json);
void lsns_json_open_array(struct lsns_json *json, const char *key);
void lsns_json_close_array(struct lsns_json *json);

/* Each adds a value to an object; the key is written in lower case.  A text may have any bytes: see
 * text_escape(). */
void lsns_json_add_null(struct lsns_json *json, const char *key);
void lsns_json_add_number(struct lsns_json *json, const char *key, const char *digits);
void lsns_json_add_text(struct lsns_json *json, const char *key, const char *text);

/* The texts of a list (see lines.h) as one string; the separator is written as it stands. */
void lsns_json_add_lines(struct lsns_json *json, const char *key, const char *lines, const char *separator);

#endif
