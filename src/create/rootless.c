/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "create/rootless.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "create/own_map.h"
#include "proc/capabilities.h"
#include "proc/subid.h"

static bool is_root(void)
{
	const uint64_t wanted = 1ULL << CAP_SETUID | 1ULL << CAP_SETGID | 1ULL << CAP_SETFCAP;

	return geteuid() == 0 && capabilities_have(wanted);
}

/* Whether every id of the range exists in the caller's own user namespace. */
static int check_mapped(enum id_kind kind, const struct subid_range *range, struct error *err)
{
	const struct id_range wanted = {.outside = range->start, .count = range->count};
	struct id_map own = {.count = 0};
	uint32_t id;
	int ret = own_map_read(kind, &own, err);

	if (ret < 0 || !own_map_find_missing(&own, &wanted, &id))
		return ret;
	error_set(err, EINVAL, "the caller's user namespace has no %s %u of the range in %s",
		  id_kind_names(kind)->noun, id, id_kind_names(kind)->subids);
	return error_hint(err, "enlarge its own map");
}

static int check_writer(enum id_kind kind, struct error *err)
{
	return capabilities_have(1ULL << id_kind_names(kind)->capability) ? 0
									  : subids_check_program(kind, err);
}

/* Stores the range that the kind would get, or why it gets none. */
static int check_subids(enum id_kind kind, struct subid_range *range, struct error *err)
{
	AUTO_SUBIDS struct subids subids = {0};
	int ret = subids_load(kind, geteuid(), &subids, err);

	if (ret == 0)
		ret = subids_first(&subids, range, err);
	if (ret == 0)
		ret = check_mapped(kind, range, err);
	return ret < 0 ? ret : check_writer(kind, err);
}

/* The kernel's conditions for a map of one id: see new_idmap_permitted() and verify_root_map(). */
static int check_single(struct error *err)
{
	for (enum id_kind kind = 0; kind < ID_KIND_COUNT; kind++) {
		int ret = own_map_check_caller(kind, err);

		if (ret < 0)
			return ret;
	}
	if (geteuid() != 0 || capabilities_have(1ULL << CAP_SETFCAP))
		return 0;
	error_set(err, EPERM, "root lacks CAP_SETFCAP, without which it cannot be mapped since Linux 5.12");
	return error_hint(err, "add this capability to the container");
}

static void wish_for_both(struct id_maps_request *request, enum id_wish_kind wish)
{
	for (enum id_kind kind = 0; kind < ID_KIND_COUNT; kind++) {
		request->of[kind].list[0] = (struct id_wish){.kind = wish};
		request->of[kind].count = 1;
	}
}

static void map_caller_to_root(struct id_maps_request *request)
{
	for (enum id_kind kind = 0; kind < ID_KIND_COUNT; kind++) {
		request->of[kind].has_single = true;
		request->of[kind].single = 0;
	}
}

static void explain(const char *choice, const struct error *err, char *sentence, size_t size)
{
	snprintf(sentence, size, "%s: %s%s%s", choice, err->message, err->hint[0] ? "; " : "", err->hint);
}

void rootless_choose(struct id_maps_request *request, char *sentence, size_t size)
{
	struct subid_range users = {0};
	struct subid_range groups = {0};
	struct error err;

	if (is_root()) {
		wish_for_both(request, ID_WISH_ALL);
		snprintf(sentence, size, "maps all users and groups to themselves, as the caller is root");
	} else if (check_single(&err) < 0) {
		explain("maps nobody", &err, sentence, size);
	} else if (check_subids(ID_USERS, &users, &err) < 0 || check_subids(ID_GROUPS, &groups, &err) < 0) {
		map_caller_to_root(request);
		explain("maps the caller alone, to root", &err, sentence, size);
	} else {
		map_caller_to_root(request);
		wish_for_both(request, ID_WISH_AUTO);
		snprintf(sentence, size,
			 "maps the caller to root, %u users from %u on, and %u groups from %u on",
			 users.count, users.start, groups.count, groups.start);
	}
}
