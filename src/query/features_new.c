/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The namespaces that this caller may create, and the ids that it may map in them. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "ns/trial.h"
#include "proc/capabilities.h"
#include "proc/restrictions.h"
#include "proc/subid.h"
#include "query/features_probe.h"

#define OTHER_TYPES (NS_TYPE_SET_ALL & ~(1U << NS_USER))

static ns_type_set find_types(void)
{
	ns_type_set types = 0;

	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		if (!restrictions_lack_type(type))
			types |= 1U << type;
	}
	return types;
}

/* Why a trial was refused, as far as it is certain. */
static const char *refusal_note(int ret)
{
	if (ret == -ENOSPC)
		return "a limit is reached: user.max_*_namespaces, or how deep they nest";
	if (restrictions_by_userns_clone())
		return "kernel.unprivileged_userns_clone is 0";
	if (ret == -EACCES)
		return "a security module refuses it";
	if (restrictions_has_seccomp())
		return "a seccomp filter applies to the caller, and may refuse it";
	if (restrictions_check_root() == ROOT_CHANGED)
		return "the caller is in a chroot";
	return NULL;
}

static void probe_user(ns_type_set types, struct feature_answer *answer)
{
	int ret;

	*answer = (struct feature_answer){.state = FEATURE_ABSENT};
	if (!(types & (1U << NS_USER)))
		return;
	ret = ns_try_create(1U << NS_USER);
	if (ret == 0) {
		answer->state = FEATURE_PRESENT;
		if (restrictions_by_apparmor())
			answer->note =
			    "kernel.apparmor_restrict_unprivileged_userns is 1: may have no capabilities";
		return;
	}
	*answer = (struct feature_answer){.state = FEATURE_DENIED, .reason = -ret, .note = refusal_note(ret)};
}

/* One trial for all: they require the same, and only a limit or a filter refuses a single one. */
static void probe_others(ns_type_set types, struct feature_answer *answer)
{
	int ret = ns_try_create(types & OTHER_TYPES);

	*answer = (struct feature_answer){.state = FEATURE_PRESENT};
	if (ret == -EPERM && ns_try_create(types) == 0)
		answer->note = "only within a new user namespace";
	else if (ret < 0)
		*answer = (struct feature_answer){
		    .state = FEATURE_DENIED, .reason = -ret, .note = refusal_note(ret)};
}

/* Stores the ranges, or why there are none. */
static int find_ranges(char *text, size_t size, struct error *err)
{
	struct subid_range ranges[ID_KIND_COUNT] = {{0}};

	for (enum id_kind kind = 0; kind < ID_KIND_COUNT; kind++) {
		AUTO_SUBIDS struct subids subids = {0};
		int ret = subids_load(kind, geteuid(), &subids, err);

		if (ret == 0)
			ret = subids_first(&subids, &ranges[kind], err);
		if (ret == 0)
			ret = subids_check_program(kind, err);
		if (ret < 0)
			return ret;
	}
	snprintf(text, size, "by newuidmap: %u users from %u on, %u groups from %u on",
		 ranges[ID_USERS].count, ranges[ID_USERS].start, ranges[ID_GROUPS].count,
		 ranges[ID_GROUPS].start);
	return 0;
}

static void probe_maps(struct features *features)
{
	const uint64_t wanted = 1ULL << CAP_SETUID | 1ULL << CAP_SETGID;
	struct feature_answer *answer = &features->answers[FEATURE_MAP_RANGES];
	struct error err;
	int ret;

	*answer = (struct feature_answer){.state = FEATURE_ABSENT};
	if (features->answers[FEATURE_NEW_USER].state == FEATURE_ABSENT)
		return;
	*answer = (struct feature_answer){.state = FEATURE_PRESENT};
	if (capabilities_have(wanted))
		return;
	answer->note = features->ranges;
	ret = find_ranges(features->ranges, sizeof(features->ranges), &err);
	if (ret == 0)
		return;
	*answer = (struct feature_answer){.state = FEATURE_DENIED, .reason = -ret, .note = features->ranges};
	snprintf(features->ranges, sizeof(features->ranges), "%.255s", err.message);
}

void probe_new(struct features *features)
{
	ns_type_set types = find_types();

	probe_user(types, &features->answers[FEATURE_NEW_USER]);
	probe_others(types, &features->answers[FEATURE_NEW_OTHERS]);
	probe_maps(features);
}
