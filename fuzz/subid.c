/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A subuid(5) file: each range that is found is one of the user's, and covers its own
 * ids.  The first line of the input is the user's name; the file is also read as an
 * nsswitch.conf(5).
 */
#include "proc/subid.h"
#include "input.h"

static void check_ranges(const struct subids *subids)
{
	const char *at = subids->text;
	struct subid_range range;

	while (subids_next(subids, &at, &range)) {
		uint64_t end = (uint64_t)range.start + range.count;

		if (range.count == 0 || end > UINT32_MAX)
			abort();
		if (!subids_cover(subids, range.start, range.count) ||
		    !subids_cover(subids, (uint32_t)(end - 1), 1))
			abort();
	}
	if (*at)
		abort();
}

static void check_first(const struct subids *subids)
{
	const char *at = subids->text;
	struct subid_range next;
	struct subid_range first;
	struct error err;

	/* Without one, the hint would read the machine's nsswitch.conf. */
	if (!subids_next(subids, &at, &next))
		return;
	if (subids_first(subids, &first, &err) < 0 || first.start != next.start || first.count != next.count)
		abort();
}

/* What would be added to the file is found in it. */
static void check_suggestion(const struct subids *subids)
{
	char line[SUBIDS_LINE_SIZE];
	struct subids with = *subids;
	const char *at = line;
	struct subid_range range;

	if (strpbrk(subids->name, ":\n"))
		return;
	subids_suggest(subids, 0, 65536, line);
	with.text = line;
	if (!subids_next(&with, &at, &range) || range.count != 65536)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct subids subids = {.uid = 1000, .text = to_text(data, size)};
	char *input = subids.text;
	char *end = strchr(input, '\n');
	char sources[16];

	if (end && (size_t)(end - input) < sizeof(subids.name)) {
		memcpy(subids.name, input, (size_t)(end - input));
		subids.text = end + 1;
		check_ranges(&subids);
		check_first(&subids);
		check_suggestion(&subids);
		subids_parse_sources(subids.text, sources, sizeof(sources));
	}
	free(input);
	return 0;
}
