/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why a map of a user namespace, or its setgroups file, cannot be written: map_write() and
 * new_idmap_permitted() of the kernel's user_namespace.c, and newuidmap(1).
 */
#include <errno.h>
#include <unistd.h>

#include "create/own_map.h"
#include "create/reasons.h"
#include "create/reasons_shared.h"
#include "proc/capabilities.h"
#include "proc/subid.h"

/* The input of the causes below. */
struct map_attempt {
	enum id_kind kind;
	const struct id_map *map;
	const struct id_map_plan *plan;
};

static bool overlap(uint32_t one, uint32_t one_count, uint32_t other, uint32_t other_count)
{
	return one <= other ? other - one < one_count : one - other < other_count;
}

static bool is_overlapping(const struct map_attempt *attempt, struct error *err)
{
	const struct id_map *map = attempt->map;

	for (size_t i = 0; i < map->count; i++) {
		for (size_t j = 0; j < i; j++) {
			const struct id_range *one = &map->ranges[j];
			const struct id_range *other = &map->ranges[i];
			bool inside = overlap(one->inside, one->count, other->inside, other->count);

			if (!inside && !overlap(one->outside, one->count, other->outside, other->count))
				continue;
			error_explain(err, "the ranges %u:%u:%u and %u:%u:%u overlap %s", one->inside,
				      one->outside, one->count, other->inside, other->outside, other->count,
				      inside ? "inside" : "outside");
			error_hint(err, "give each %s once: the ranges are INSIDE:OUTSIDE:COUNT",
				   id_kind_names(attempt->kind)->noun);
			return true;
		}
	}
	return false;
}

/* A map has to fit into less than a page, at one write(2). */
static bool is_too_long(const struct map_attempt *attempt, struct error *err)
{
	if (attempt->map->count <= 5) /* five ranges were the limit before Linux 4.15 */
		return false;
	error_explain(
	    err,
	    "its %zu ranges may be too many: the kernel takes %d, in less than %ld bytes (5 ranges before "
	    "Linux 4.15)",
	    attempt->map->count, ID_MAP_MAX, sysconf(_SC_PAGESIZE));
	error_hint(err, "give fewer and larger ranges");
	return true;
}

static bool is_missing_above(const struct map_attempt *attempt, struct error *err)
{
	const char *noun = id_kind_names(attempt->kind)->noun;
	struct error ignored;
	struct id_map own;
	uint32_t id;

	if (attempt->plan->writer == ID_MAP_INSIDE || own_map_read(attempt->kind, &own, &ignored) < 0)
		return false;
	for (size_t i = 0; i < attempt->map->count; i++) {
		if (!own_map_find_missing(&own, &attempt->map->ranges[i], &id))
			continue;
		error_explain(err,
			      "%s %u does not exist in the caller's user namespace, so it cannot be mapped",
			      noun, id);
		error_hint(err, "see /proc/self/%s for those that exist", id_kind_names(attempt->kind)->map);
		return true;
	}
	return false;
}

static bool maps_outside(const struct id_map *map, uint32_t id)
{
	uint32_t inside;

	return id_map_to_inside(map, id, &inside);
}

/* verify_root_map(): since Linux 5.12, so that nobody writes file capabilities for the root above. */
static bool is_root_above(const struct map_attempt *attempt, struct error *err)
{
	bool is_outer = attempt->plan->writer == ID_MAP_OUTSIDE;

	if (attempt->kind != ID_USERS || !maps_outside(attempt->map, 0) ||
	    (is_outer && capabilities_have(1ULL << CAP_SETFCAP)))
		return false;
	error_explain(err, "mapping user 0 requires CAP_SETFCAP outside since Linux 5.12%s",
		      is_outer ? "" : ", which the caller may have lacked");
	error_hint(err, "give the container this capability, or map other users");
	return true;
}

static bool is_without_capability(const struct map_attempt *attempt, struct error *err)
{
	const struct id_kind_names *names = id_kind_names(attempt->kind);

	if (attempt->plan->writer != ID_MAP_OUTSIDE || capabilities_have(1ULL << names->capability))
		return false;
	error_explain(err, "that requires %s in the caller's user namespace", names->cap_name);
	error_hint(err, "run as root, or install newuidmap: package uidmap (shadow-utils)");
	return true;
}

/* Below are the ids of the system and of its users, which nobody should be granted. */
#define LOWEST_SUBID 65536

static int hint_at_range(const struct subids *subids, const struct id_range *range, struct error *err)
{
	const struct id_kind_names *names = id_kind_names(subids->kind);
	uint32_t last = range->outside + (range->count - 1);
	char line[SUBIDS_LINE_SIZE];

	if (range->outside < LOWEST_SUBID)
		return error_hint(
		    err,
		    "%s grants the caller no %ss %u to %u, and should not, as they are others': "
		    "--map-auto maps what it grants",
		    names->subids, names->noun, range->outside, last);
	subids_suggest(subids, range->outside, range->count, line);
	return error_hint(err, "%s grants the caller no %ss %u to %u: as root, add the line '%s'",
			  names->subids, names->noun, range->outside, last, line);
}

/* newuidmap(1) has said what it refuses; which line would permit it? */
static int hint_at_subids(enum id_kind kind, const struct id_map *map, struct error *err)
{
	AUTO_SUBIDS struct subids subids = {0};
	struct error failure;
	uint32_t own = kind == ID_USERS ? getuid() : getgid();
	int ret = subids_load(kind, getuid(), &subids, &failure);

	for (size_t i = 0; i < map->count && ret == 0; i++) {
		const struct id_range *range = &map->ranges[i];

		if ((range->count != 1 || range->outside != own) &&
		    !subids_cover(&subids, range->outside, range->count))
			return hint_at_range(&subids, range, err);
	}
	return -err->number;
}

typedef bool map_reason_fn(const struct map_attempt *attempt, struct error *err);

static map_reason_fn *const of_permission[] = {is_missing_above, is_root_above, is_without_capability, NULL};
static map_reason_fn *const of_validity[] = {is_overlapping, is_too_long, NULL};
static reason_fn *const of_modules[] = {reason_is_apparmor_inside, reason_may_be_seccomp,
					reason_may_be_module, NULL};

static bool explain_map(map_reason_fn *const *causes, const struct map_attempt *attempt, struct error *err)
{
	while (*causes && !(*causes)(attempt, err))
		causes++;
	return *causes;
}

int reasons_of_map(enum id_kind kind, const struct id_map_plan *plan, int number, struct error *err)
{
	const struct map_attempt attempt = {.kind = kind, .map = &plan->map, .plan = plan};

	if (plan->writer == ID_MAP_PROGRAM) {
		if (!explain_map((map_reason_fn *const[]){is_overlapping, is_missing_above, NULL}, &attempt,
				 err))
			hint_at_subids(kind, &plan->map, err);
		return -number;
	}
	error_set_errno(err, number, "cannot write %s", id_kind_names(kind)->map);
	if (number == EINVAL)
		explain_map(of_validity, &attempt, err);
	else if ((number == EPERM || number == EACCES) && !explain_map(of_permission, &attempt, err))
		reasons_explain(of_modules, 0, err);
	return -number;
}

int reasons_of_setgroups_file(enum setgroups_choice choice, int number, struct error *err)
{
	error_set_errno(err, number, "cannot %s setgroups(2)", choice == SETGROUPS_DENY ? "deny" : "allow");
	if (number != EPERM && number != EACCES)
		return -number;
	if (choice == SETGROUPS_DENY) {
		error_explain(
		    err, "it can be denied only before gid_map is written, in a user namespace of one's own");
		return error_hint(err, "add -U, or leave --setgroups out");
	}
	error_explain(err,
		      "it is denied in this user namespace or in one above, and cannot be allowed again");
	return error_hint(err, "leave --setgroups=allow out");
}
