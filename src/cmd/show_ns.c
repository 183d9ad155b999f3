#include <stdio.h>
#include <string.h>

#include "cmd/fact_columns.h"
#include "cmd/fields.h"
#include "cmd/reason.h"
#include "cmd/show.h"
#include "table/json.h"

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

static json_t *number_or_null(uint64_t number, int reason)
{
	return reason ? json_null() : json_integer((json_int_t)number);
}

static json_t *offsets_to_json(const struct ns_description *description)
{
	const char *line = description->offsets;
	char clock[32];
	long seconds;
	long nanoseconds;
	json_t *offsets;

	if (description->offsets_reason != 0)
		return json_null();
	offsets = json_object();
	while (offsets && line && sscanf(line, "%31s %ld %ld", clock, &seconds, &nanoseconds) == 3) {
		json_object_set_new(offsets, clock,
				    json_pack("{s:I, s:I}", "seconds", (json_int_t)seconds, "nanoseconds",
					      (json_int_t)nanoseconds));
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
	return offsets;
}

static void add_of_type(json_t *object, const struct ns_description *description)
{
	switch (description->facts.type) {
	case NS_MNT:
		json_object_set_new(
		    object, "mounts",
		    number_or_null(description->mount_count, description->mount_count_reason));
		break;
	case NS_TIME:
		json_object_set_new(object, "offsets", offsets_to_json(description));
		break;
	case NS_UTS:
		json_object_set_new(object, "host_name",
				    description->host_name_reason ? json_null()
								  : json_safe_string(description->host_name));
		break;
	case NS_USER:
		json_object_set_new(object, "uid_map",
				    field_map_to_json(&description->uid_map, description->maps_reason));
		json_object_set_new(object, "gid_map",
				    field_map_to_json(&description->gid_map, description->maps_reason));
		break;
	default:
		break;
	}
}

static int print_ns_json(const struct ns_description *description, struct error *err)
{
	const struct ns_facts *facts = &description->facts;
	json_t *object = json_pack(
	    "{s:s, s:I, s:o, s:b, s:o, s:o, s:o, s:o}", "type", ns_type_name(facts->type), "ns",
	    (json_int_t)facts->ino, "nsid", facts->id ? json_integer((json_int_t)facts->id) : json_null(),
	    "caller", facts->has_caller, "owner",
	    number_or_null(facts->owner.ino, facts->owner.state != RELATION_KNOWN), "parent",
	    number_or_null(facts->parent.ino, facts->parent.state != RELATION_KNOWN), "owner_uid",
	    number_or_null(description->owner_uid, description->owner_uid_reason), "member",
	    description->member > 0 ? json_integer(description->member) : json_null());

	if (object)
		add_of_type(object, description);
	return json_print(object, err);
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
