/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The arguments of --map-users, --map-groups, --owner and --setgroups. */
#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "create/id_maps.h"

#define NUMBERS_MAX 3

/* Splits a text of exactly count numbers.  As unshare(1) does, allows blanks and a plus sign. */
static bool parse_numbers(const char *text, char separator, size_t count, uint64_t *numbers)
{
	for (size_t i = 0; i < count; i++) {
		char part[32];
		const char *end = i == count - 1 ? text + strlen(text) : strchr(text, separator);

		if (!end || (size_t)(end - text) >= sizeof(part))
			return false;
		memcpy(part, text, (size_t)(end - text));
		part[end - text] = '\0';
		if (!text_parse_number_as_strtoul(part, UINT32_MAX, &numbers[i]))
			return false;
		text = end + 1;
	}
	return true;
}

/* The kernel refuses a range that is empty, or that ends behind the largest id. */
static bool fits(uint64_t first, uint64_t count)
{
	return count > 0 && first + count <= UINT32_MAX;
}

static bool parse_range(const char *text, struct id_range *range)
{
	uint64_t numbers[NUMBERS_MAX];
	bool is_inside_first = strchr(text, ':') != NULL;

	if (!parse_numbers(text, is_inside_first ? ':' : ',', NUMBERS_MAX, numbers))
		return false;
	range->inside = (uint32_t)numbers[is_inside_first ? 0 : 1];
	range->outside = (uint32_t)numbers[is_inside_first ? 1 : 0];
	range->count = (uint32_t)numbers[2];
	return fits(range->inside, range->count) && fits(range->outside, range->count);
}

int id_wishes_parse(const char *text, struct id_wishes *wishes, struct error *err)
{
	static const struct {
		const char *word;
		enum id_wish_kind kind;
	} words[] = {{"auto", ID_WISH_AUTO}, {"subids", ID_WISH_SUBIDS}, {"all", ID_WISH_ALL}};
	struct id_wish wish = {.kind = ID_WISH_RANGE};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(text, words[i].word) == 0)
			wish.kind = words[i].kind;
	}
	if (wish.kind == ID_WISH_RANGE && !parse_range(text, &wish.range)) {
		error_set(err, EINVAL, "invalid mapping '%s'", text);
		return error_hint(err,
				  "write INSIDE:OUTSIDE:COUNT, OUTSIDE,INSIDE,COUNT, auto, subids or all; "
				  "COUNT is at least 1, and no id is above 4294967294");
	}
	if (wishes->count == ID_MAP_MAX)
		return error_set(err, E2BIG, "more than %d ranges of ids", ID_MAP_MAX);
	wishes->list[wishes->count++] = wish;
	return 0;
}

int id_maps_parse_owner(const char *text, struct id_maps_request *request, struct error *err)
{
	uint64_t ids[2];

	if (!parse_numbers(text, ':', 2, ids) || ids[0] == UINT32_MAX || ids[1] == UINT32_MAX) {
		error_set(err, EINVAL, "failed to parse owner '%s'", text);
		return error_hint(err, "write UID:GID, two numbers");
	}
	request->has_owner = true;
	request->owner_uid = (uid_t)ids[0];
	request->owner_gid = (gid_t)ids[1];
	return 0;
}

int id_maps_parse_setgroups(const char *text, enum setgroups_choice *choice, struct error *err)
{
	if (strcmp(text, "allow") == 0) {
		*choice = SETGROUPS_ALLOW;
	} else if (strcmp(text, "deny") == 0) {
		*choice = SETGROUPS_DENY;
	} else {
		error_set(err, EINVAL, "unsupported --setgroups argument '%s'", text);
		return error_hint(err, "it is allow or deny");
	}
	return 0;
}
