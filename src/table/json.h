/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A writer of JSON to standard output, and the parts of the JSON contract that all commands share. */
#ifndef NSCTL_TABLE_JSON_H
#define NSCTL_TABLE_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "table/json_string.h"

/* Grows when a key changes its meaning or goes away; new keys do not change it. */
#define JSON_SCHEMA 1

/* Objects and arrays within each other. */
#define JSON_DEPTH_MAX 8

/*
 * One document: an object, between json_begin() and json_finish().  What is
 * written goes to standard output at once, so that a long document needs no
 * memory.
 */
struct json {
	unsigned int depth;
	bool is_array[JSON_DEPTH_MAX];
	bool has_item[JSON_DEPTH_MAX];
	bool has_warnings;
	struct json_string string;
	bool lacks_memory;
};

void json_begin(struct json *json);

/*
 * Ends the document with the array "warnings" and the number "schema".  Returns
 * 0, or -ENOMEM where a text could not be escaped.  Output that was lost is
 * left to main, which looks at the stream.
 */
int json_finish(struct json *json, struct error *err);

/*
 * Each adds a value.  key: its name in an object; NULL in an array, where a
 * key aborts the program.  A key is written as it stands and needs no escapes.
 * A text may have any bytes: see text_escape().
 */
void json_add_text(struct json *json, const char *key, const char *text);
void json_add_number(struct json *json, const char *key, uint64_t number);
void json_add_signed(struct json *json, const char *key, int64_t number);
void json_add_answer(struct json *json, const char *key, bool answer);
void json_add_null(struct json *json, const char *key);
void json_add_number_or_null(struct json *json, const char *key, bool is_known, uint64_t number);

/* Values that follow are items of the object or array, until json_close(). */
void json_open_object(struct json *json, const char *key);
void json_open_array(struct json *json, const char *key);
void json_close(struct json *json);

/* Adds a sentence to the array "warnings", which stays open: only other warnings may follow. */
void json_warn(struct json *json, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
