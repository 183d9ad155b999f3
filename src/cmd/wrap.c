/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/wrap.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

void wrap_print(const char *text, size_t column, size_t indent, size_t width)
{
	for (bool is_first = true; *text; is_first = false) {
		size_t length = strcspn(text, " ");
		bool breaks = !is_first && column + length + 2 > width;

		printf("%s%*s%.*s", breaks ? "\n" : " ", breaks ? (int)indent : 0, "", (int)length, text);
		column = breaks ? indent + length : column + length + 1;
		text += length + (text[length] == ' ');
	}
}
