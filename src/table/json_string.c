/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "table/json_string.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* Each byte becomes four at most. */
static const char *escape(struct json_string *string, const char *text)
{
	size_t length = strlen(text);
	size_t size = 4 * length + 1;

	if (size > string->size) {
		char *larger = realloc(string->safe, size);

		if (!larger)
			return NULL;
		string->safe = larger;
		string->size = size;
	}
	text_escape(text, length, string->safe, string->size);
	return string->safe;
}

/* Nothing but quotes and backslashes is left to escape: text_escape() leaves no control character. */
bool json_string_put(struct json_string *string, const char *text)
{
	const char *safe = escape(string, text);

	if (!safe)
		return false;
	for (size_t length; *safe; safe += length) {
		length = strcspn(safe, "\"\\");
		fwrite_unlocked(safe, 1, length, stdout);
		if (safe[length] == '\0')
			break;
		putc_unlocked('\\', stdout);
		putc_unlocked(safe[length], stdout);
		length++;
	}
	return true;
}
