/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any text within a JSON string; for both writers of JSON. */
#ifndef NSCTL_TABLE_JSON_STRING_H
#define NSCTL_TABLE_JSON_STRING_H

#include <stdbool.h>
#include <stddef.h>

/* Memory that is kept from one text to the next.  All zero at first; the owner frees safe. */
struct json_string {
	char *safe; /* the last text, escaped */
	size_t size;
};

/*
 * Writes a text to standard output as a part of a string, without the quotes around it.
 * The text may have any bytes: see text_escape().  Returns false without memory.
 */
bool json_string_put(struct json_string *string, const char *text);

#endif
