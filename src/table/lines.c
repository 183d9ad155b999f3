/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "table/lines.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

void lines_write(FILE *cell, const char *text)
{
	for (; *text; text++) {
		if (*text == '\n')
			fputc('\n', cell);
		fputc(*text, cell);
	}
}

/* Line ends that are an odd number in a row: the last of them ends the text. */
static bool ends_text(const char *at)
{
	return at[0] == '\n' && at[1] != '\n';
}

char *lines_next(const char **cell)
{
	const char *from = *cell;
	char *text = *from ? malloc(strlen(from) + 1) : NULL;
	size_t length = 0;

	if (!text)
		return NULL;
	while (*from && !ends_text(from)) {
		from += *from == '\n';
		text[length++] = *from++;
	}
	text[length] = '\0';
	*cell = from + (*from == '\n');
	return text;
}
