/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "table/quantity.h"

#include <inttypes.h>
#include <stdio.h>

#include "table/age.h"

#define USEC_PER_SEC 1000000

void quantity_format_bytes(uint64_t bytes, char *text, size_t size)
{
	static const char units[] = "BKMGTPE";
	uint64_t tenths = bytes;
	size_t unit = 0;

	if (bytes < 1024) {
		snprintf(text, size, "%" PRIu64 "B", bytes);
		return;
	}
	for (; tenths >= (uint64_t)1024 * 1024; tenths /= 1024)
		unit++;
	unit++;
	tenths = tenths * 10 / 1024;
	if (tenths % 10 == 0 || tenths >= 1000)
		snprintf(text, size, "%" PRIu64 "%c", tenths / 10, units[unit]);
	else
		snprintf(text, size, "%" PRIu64 ".%" PRIu64 "%c", tenths / 10, tenths % 10, units[unit]);
}

void quantity_format_count(uint64_t count, char *text, size_t size)
{
	snprintf(text, size, "%" PRIu64, count);
}

void quantity_format_processors(uint64_t thousandths, char *text, size_t size)
{
	int length =
	    snprintf(text, size, "%" PRIu64 ".%03u", thousandths / 1000, (unsigned int)(thousandths % 1000));

	while (length > 1 && text[length - 1] == '0')
		text[--length] = '\0';
	if (text[length - 1] == '.')
		text[length - 1] = '\0';
}

void quantity_format_usec(uint64_t usec, char *text, size_t size)
{
	if (usec < USEC_PER_SEC)
		snprintf(text, size, "%" PRIu64 "ms", usec / 1000);
	else if (usec < (uint64_t)60 * USEC_PER_SEC)
		snprintf(text, size, "%" PRIu64 ".%" PRIu64 "s", usec / USEC_PER_SEC,
			 usec % USEC_PER_SEC / (USEC_PER_SEC / 10));
	else
		age_format(usec / USEC_PER_SEC, text, size);
}
