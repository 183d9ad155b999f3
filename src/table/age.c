/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "table/age.h"

#include <inttypes.h>
#include <stdio.h>

enum { MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

/* "3h12m", without the second where it is none. */
static void format_two(uint64_t first, char first_unit, uint64_t second, char second_unit, char *text,
		       size_t size)
{
	if (second == 0)
		snprintf(text, size, "%" PRIu64 "%c", first, first_unit);
	else
		snprintf(text, size, "%" PRIu64 "%c%" PRIu64 "%c", first, first_unit, second, second_unit);
}

void age_format(uint64_t seconds, char *text, size_t size)
{
	if (seconds < MINUTE)
		snprintf(text, size, "%" PRIu64 "s", seconds);
	else if (seconds < HOUR)
		format_two(seconds / MINUTE, 'm', seconds % MINUTE, 's', text, size);
	else if (seconds < DAY)
		format_two(seconds / HOUR, 'h', seconds % HOUR / MINUTE, 'm', text, size);
	else
		format_two(seconds / DAY, 'd', seconds % DAY / HOUR, 'h', text, size);
}
