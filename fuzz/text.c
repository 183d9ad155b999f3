/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Escaped text is printable, fits, and a shorter buffer holds the start of it. */
#include <stdbool.h>

#include "base/text.h"
#include "input.h"

static void check_printable(const char *text)
{
	for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
		if (*p < 0x20 || *p == 0x7f)
			abort();
		/* C1 controls in UTF-8 */
		if (*p == 0xc2 && p[1] < 0xa0)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t room = size > 0 ? (size_t)data[0] + 1 : 1;
	char *text = to_text(data, size);
	char *whole = malloc(4 * size + 1);
	char *cut = malloc(room);
	uint64_t number;

	if (!whole || !cut)
		abort();
	if (text_escape(text, size, whole, 4 * size + 1) != strlen(whole))
		abort();
	check_printable(whole);
	if (text_escape(text, size, cut, room) >= room || strncmp(whole, cut, strlen(cut)) != 0)
		abort();
	check_printable(cut);
	if (text_parse_number(text, 1000, &number) && number > 1000)
		abort();
	free(cut);
	free(whole);
	free(text);
	return 0;
}
