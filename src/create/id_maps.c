/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "create/id_maps.h"

#include <errno.h>
#include <unistd.h>

#include "create/id_ranges.h"
#include "create/own_map.h"
#include "proc/capabilities.h"
#include "proc/subid.h"

static bool has_wish(const struct id_wishes *wishes, enum id_wish_kind kind)
{
	for (size_t i = 0; i < wishes->count; i++) {
		if (wishes->list[i].kind == kind)
			return true;
	}
	return false;
}

static int find_subid(enum id_kind kind, struct subid_range *range, struct error *err)
{
	AUTO_SUBIDS struct subids subids = {0};
	int ret = subids_load(kind, geteuid(), &subids, err);

	return ret < 0 ? ret : subids_first(&subids, range, err);
}

static int make_ranges(enum id_kind kind, const struct id_wishes *wishes, struct id_map *map,
		       struct error *err)
{
	struct id_map own = {.count = 0};
	struct id_ranges_source source = {.caller = kind == ID_USERS ? geteuid() : getegid(), .own = &own};
	int ret = 0;

	if (has_wish(wishes, ID_WISH_AUTO) || has_wish(wishes, ID_WISH_SUBIDS))
		ret = find_subid(kind, &source.subid, err);
	if (ret == 0 && has_wish(wishes, ID_WISH_ALL))
		ret = own_map_read(kind, &own, err);
	if (ret < 0)
		return ret;
	if (id_ranges_make(wishes, &source, map) < 0)
		return error_set(err, E2BIG, "the map of %ss has more than %d ranges",
				 id_kind_names(kind)->noun, ID_MAP_MAX);
	return 0;
}

/* A map of one id, the caller's, is written inside; but not by another owner, whose id it is not. */
static int choose_writer(enum id_kind kind, const struct id_maps_request *request, struct id_map_plan *plan,
			 struct error *err)
{
	const struct id_kind_names *names = id_kind_names(kind);

	if (request->of[kind].count == 0 && !request->has_owner) {
		plan->writer = ID_MAP_INSIDE;
		return 0;
	}
	if (capabilities_have(1ULL << names->capability)) {
		plan->writer = ID_MAP_OUTSIDE;
		return 0;
	}
	plan->writer = ID_MAP_PROGRAM;
	plan->program = subids_find_program(kind);
	if (plan->program)
		return 0;
	error_set(err, ENOENT, "a map of several %ss requires %s or the program %s, which is not installed",
		  names->noun, names->cap_name, names->program);
	return error_hint(err, "install the package uidmap (shadow-utils), or map the caller alone with -r");
}

static int plan_kind(enum id_kind kind, const struct id_maps_request *request, struct id_map_plan *plan,
		     struct error *err)
{
	const struct id_wishes *wishes = &request->of[kind];
	int ret;

	*plan = (struct id_map_plan){.writer = ID_MAP_UNWRITTEN};
	if (wishes->count == 0 && !wishes->has_single)
		return 0;
	ret = make_ranges(kind, wishes, &plan->map, err);
	if (ret < 0)
		return ret;
	/* A wish for the single id alone may have left nothing. */
	return plan->map.count == 0 ? 0 : choose_writer(kind, request, plan, err);
}

int id_maps_plan(const struct id_maps_request *request, struct id_maps *maps, struct error *err)
{
	enum id_map_writer writer;
	int ret;

	maps->setgroups = request->setgroups;
	for (enum id_kind kind = 0; kind < ID_KIND_COUNT; kind++) {
		ret = plan_kind(kind, request, &maps->of[kind], err);
		if (ret < 0)
			return ret;
	}
	writer = maps->of[ID_GROUPS].writer;
	maps->denies_outside =
	    maps->setgroups == SETGROUPS_DENY && (writer == ID_MAP_OUTSIDE || writer == ID_MAP_PROGRAM);
	if (writer != ID_MAP_INSIDE || maps->setgroups != SETGROUPS_ALLOW)
		return 0;
	error_set(err, EINVAL, "options --setgroups=allow and --map-group are mutually exclusive");
	return error_hint(err,
			  "the kernel lets a process map its own group only after setgroups(2) is denied; "
			  "with --map-groups=auto it can be allowed");
}
