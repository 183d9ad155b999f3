/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Single members of a JSON text, found without reading the rest of it into
 * memory: the names of 500 containers are in megabytes of state files.
 */
#ifndef NSCTL_CONTAINER_JSON_SKIM_H
#define NSCTL_CONTAINER_JSON_SKIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A part of a text: one value of any kind.  Borrowed from the text; NULL: there is none. */
struct json_text {
	const char *at;
	size_t length;
};

#define JSON_NONE ((struct json_text){0})

/* The whole of a text. */
struct json_text json_whole(const char *text, size_t length);

/* The member of an object; JSON_NONE where there is none, or the text ends before. */
struct json_text json_member(struct json_text object, const char *key);

/* The first item of an array, and the one behind an item; JSON_NONE at the end. */
struct json_text json_first(struct json_text array);
struct json_text json_next(struct json_text array, struct json_text item);

/* The text of a string, decoded by libjansson; freed by the caller.  NULL: it is none, or has a NUL. */
char *json_get_string(struct json_text value);

/* Whether it is a string that is exactly this word. */
bool json_is_word(struct json_text value, const char *word);

/* Whether it is a whole number from 0 to max. */
bool json_get_number(struct json_text value, uint64_t max, uint64_t *number);

#endif
