/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>

#include "cmd/fact_columns.h"
#include "cmd/fields.h"
#include "cmd/reason.h"
#include "cmd/show.h"

static void print_related(const char *key, const struct ns_relation *related)
{
	if (related->state == RELATION_KNOWN)
		field_print(key, "user:[%ju]", (uintmax_t)related->ino);
	else if (related->state == RELATION_NONE)
		field_print(key, "none: it is the first");
	else
		field_print(key, "outside the caller's user namespace");
}

static void print_parent(const struct ns_facts *facts)
{
	if (facts->type != NS_PID && facts->type != NS_USER)
		return;
	if (facts->parent.state == RELATION_KNOWN)
		field_print("parent", "%s:[%ju]", ns_type_name(facts->type), (uintmax_t)facts->parent.ino);
	else
		print_related("parent", &facts->parent);
}

static void print_owner_uid(const struct ns_description *description)
{
	if (description->owner_uid_reason == 0)
		field_print("owner uid", "%u", description->owner_uid);
	else
		field_print("owner uid", "%s", reason_word(description->owner_uid_reason));
}

/* timens_offsets writes -1.5 s as -2 s and 500000000 ns. */
static void print_offset(const char *clock, long seconds, long nanoseconds)
{
	bool is_negative = seconds < 0;

	if (is_negative && nanoseconds > 0) {
		seconds++;
		nanoseconds = 1000000000 - nanoseconds;
	}
	field_print(clock, "%c%ld.%09ld s", is_negative ? '-' : '+', is_negative ? -seconds : seconds,
		    nanoseconds);
}

/* One line for each clock. */
static void print_offsets(const struct ns_description *description)
{
	char clock[32];
	long seconds;
	long nanoseconds;
	const char *line = description->offsets;

	if (description->offsets_reason != 0) {
		field_print("offsets", "%s", reason_word(description->offsets_reason));
		return;
	}
	while (line && sscanf(line, "%31s %ld %ld", clock, &seconds, &nanoseconds) == 3) {
		print_offset(clock, seconds, nanoseconds);
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
}

static void print_of_type(const struct ns_description *description)
{
	switch (description->facts.type) {
	case NS_MNT:
		if (description->mount_count_reason == 0)
			field_print("mounts", "%ju", (uintmax_t)description->mount_count);
		else
			field_print("mounts", "%s", reason_word(description->mount_count_reason));
		break;
	case NS_TIME:
		print_offsets(description);
		break;
	case NS_UTS:
		field_print("host name", "%s",
			    description->host_name_reason ? reason_word(description->host_name_reason)
							  : description->host_name);
		break;
	case NS_USER:
		field_print_map("uid map", &description->uid_map, description->maps_reason);
		field_print_map("gid map", &description->gid_map, description->maps_reason);
		break;
	default:
		break;
	}
}

static void print_ns_text(const struct ns_description *description)
{
	const struct ns_facts *facts = &description->facts;

	printf("%s:[%ju]\n", ns_type_name(facts->type), (uintmax_t)facts->ino);
	field_print("type", "%s", ns_type_name(facts->type));
	if (facts->id != 0)
		field_print("id", ":%ju", (uintmax_t)facts->id);
	field_print("caller", "%s", facts->has_caller ? "is in it" : "is not in it");
	print_related("owner", &facts->owner);
	print_parent(facts);
	print_owner_uid(description);
	if (description->member > 0)
		field_print("a process", "%d", description->member);
	else
		field_print("a process", "none: `nsctl why '%s:[%ju]'` shows what keeps it",
			    ns_type_name(facts->type), (uintmax_t)facts->ino);
	print_of_type(description);
}

static void write_offsets(struct json *json, const struct ns_description *description)
{
	const char *line = description->offsets;
	char clock[32];
	long seconds;
	long nanoseconds;

	if (description->offsets_reason != 0) {
		json_add_null(json, "offsets");
		return;
	}
	json_open_object(json, "offsets");
	while (line && sscanf(line, "%31s %ld %ld", clock, &seconds, &nanoseconds) == 3) {
		json_open_object(json, clock);
		json_add_signed(json, "seconds", seconds);
		json_add_signed(json, "nanoseconds", nanoseconds);
		json_close(json);
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
	json_close(json);
}

static void write_of_type(struct json *json, const struct ns_description *description)
{
	switch (description->facts.type) {
	case NS_MNT:
		json_add_number_or_null(json, "mounts", description->mount_count_reason == 0,
					description->mount_count);
		break;
	case NS_TIME:
		write_offsets(json, description);
		break;
	case NS_UTS:
		if (description->host_name_reason)
			json_add_null(json, "host_name");
		else
			json_add_text(json, "host_name", description->host_name);
		break;
	case NS_USER:
		field_write_map(json, "uid_map", &description->uid_map, description->maps_reason);
		field_write_map(json, "gid_map", &description->gid_map, description->maps_reason);
		break;
	default:
		break;
	}
}

static void write_related(struct json *json, const char *key, const struct ns_relation *related)
{
	json_add_number_or_null(json, key, related->state == RELATION_KNOWN, related->ino);
}

static int print_ns_json(const struct ns_description *description, struct error *err)
{
	const struct ns_facts *facts = &description->facts;
	struct json json;

	json_begin(&json);
	json_add_text(&json, "type", ns_type_name(facts->type));
	json_add_number(&json, "ns", facts->ino);
	json_add_number_or_null(&json, "nsid", facts->id != 0, facts->id);
	json_add_answer(&json, "caller", facts->has_caller);
	write_related(&json, "owner", &facts->owner);
	write_related(&json, "parent", &facts->parent);
	json_add_number_or_null(&json, "owner_uid", description->owner_uid_reason == 0,
				description->owner_uid);
	json_add_number_or_null(&json, "member", description->member > 0, (uint64_t)description->member);
	write_of_type(&json, description);
	return json_finish(&json, err);
}

/* One row, as of a process's table: LINK is the type's. */
static int print_raw(const struct ns_description *description, const struct table_options *options,
		     struct error *err)
{
	AUTO_TABLE struct table *table = table_new(&fact_layout, options, err);
	const struct ns_facts *facts = &description->facts;
	int ret = table ? fact_columns_add(table, ns_type_name(facts->type), facts, err) : -err->number;

	return ret < 0 ? ret : table_print(table, err);
}

int show_ns(const struct ns_description *description, const struct table_options *options, struct error *err)
{
	if (options->json)
		return print_ns_json(description, err);
	if (options->raw || options->output || options->all_columns)
		return print_raw(description, options, err);
	print_ns_text(description);
	return 0;
}
