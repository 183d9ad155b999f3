/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "create/id_ranges.h"

#include <errno.h>

static int add_range(const struct id_range *range, struct id_map *map)
{
	if (range->count == 0)
		return 0;
	if (map->count == ID_MAP_MAX)
		return -E2BIG;
	map->ranges[map->count++] = *range;
	return 0;
}

static uint32_t min_of(uint32_t one, uint32_t other)
{
	return one < other ? one : other;
}

/* How many ids of a range lie before id. */
static uint32_t count_before(uint32_t id, uint32_t first, uint32_t count)
{
	return id > first ? min_of(id - first, count) : 0;
}

/* Also true right behind the range: see the header. */
static bool meets(uint32_t id, uint32_t first, uint32_t count)
{
	return id >= first && id - first <= count;
}

/* At most three parts: before both ids of the single map, between them, and behind both. */
static int add_around(struct id_range rest, const struct id_range *single, struct id_map *map)
{
	uint32_t inside = count_before(single->inside, rest.inside, rest.count);
	uint32_t outside = count_before(single->outside, rest.outside, rest.count);
	uint32_t first = min_of(inside, outside);
	uint32_t second = inside + outside - 2 * first;
	const uint32_t counts[] = {first, second, rest.count - first - second};
	int ret = 0;

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]) && ret == 0; i++) {
		rest.inside += rest.inside == single->inside;
		rest.outside += rest.outside == single->outside;
		rest.count = counts[i];
		ret = add_range(&rest, map);
		rest.inside += counts[i];
		rest.outside += counts[i];
	}
	return ret;
}

/* single: NULL if there is none. */
static int add_wish(struct id_range range, const struct id_range *single, struct id_map *map)
{
	if (!single)
		return add_range(&range, map);
	if (meets(single->outside, range.outside, range.count) ||
	    meets(single->inside, range.inside, range.count))
		range.count--;
	return add_around(range, single, map);
}

/* An automatic range starts at the lowest id inside and keeps its length: it is moved, not cut. */
static int add_auto(const struct subid_range *subid, const struct id_range *single, struct id_map *map)
{
	const struct id_range range = {.outside = subid->start, .count = subid->count};

	return single ? add_around(range, single, map) : add_range(&range, map);
}

static int add_all(const struct id_map *own, const struct id_range *single, struct id_map *map)
{
	int ret = 0;

	for (size_t i = 0; i < own->count && ret == 0; i++) {
		struct id_range range = own->ranges[i];

		range.outside = range.inside;
		ret = add_wish(range, single, map);
	}
	return ret;
}

static int add_by_kind(const struct id_wish *wish, const struct id_ranges_source *source,
		       const struct id_range *single, struct id_map *map)
{
	const struct subid_range *subid = &source->subid;

	switch (wish->kind) {
	case ID_WISH_AUTO:
		return add_auto(subid, single, map);
	case ID_WISH_SUBIDS:
		return add_wish((struct id_range){subid->start, subid->start, subid->count}, single, map);
	case ID_WISH_ALL:
		return add_all(source->own, single, map);
	case ID_WISH_RANGE:
		break;
	}
	return add_wish(wish->range, single, map);
}

int id_ranges_make(const struct id_wishes *wishes, const struct id_ranges_source *source, struct id_map *map)
{
	const struct id_range range = {.inside = wishes->single, .outside = source->caller, .count = 1};
	const struct id_range *single = wishes->has_single ? &range : NULL;
	int ret = 0;

	map->count = 0;
	if (single)
		ret = add_range(single, map);
	for (size_t i = 0; i < wishes->count && ret == 0; i++)
		ret = add_by_kind(&wishes->list[i], source, single, map);
	return ret;
}
