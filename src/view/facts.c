#include "view/facts.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "view/json.h"

const struct column fact_columns[FACT_COUNT] = {
    [FACT_LINK] = {"LINK", "name of the link in /proc/PID/ns", COLUMN_TEXT, true},
    [FACT_TYPE] = {"TYPE", "type of the namespace", COLUMN_TEXT, false},
    [FACT_NS] = {"NS", "inode: the namespace's identity", COLUMN_NUMBER, true},
    [FACT_NSID] = {"NSID", "64-bit id, unique for the boot (Linux 6.18)", COLUMN_NUMBER, true},
    [FACT_CALLER] = {"CALLER", "same: the caller is in it; own: not", COLUMN_TEXT, true},
    [FACT_OWNER] = {"OWNER", "inode of the user namespace that owns it", COLUMN_NUMBER, true},
    [FACT_PARENT] = {"PARENT", "inode of the parent of a pid or user namespace", COLUMN_NUMBER, true},
};

bool facts_is_denied(int reason)
{
	return reason == EACCES || reason == EPERM;
}

const char *facts_reason(int reason)
{
	if (facts_is_denied(reason))
		return "denied";
	switch (reason) {
	case ENOENT:
	case ESRCH:
		return "none";
	default:
		return "unknown";
	}
}

static int set_related(struct table *table, size_t column, const struct ns_relation *related,
		       struct error *err)
{
	static const char *const notes[] = {
	    [RELATION_UNKNOWN] = "unknown",
	    [RELATION_NONE] = "-",
	    [RELATION_OUTSIDE] = "outside",
	};

	if (related->state == RELATION_KNOWN)
		return table_set_number(table, column, related->ino, err);
	return table_set_note(table, column, notes[related->state], err);
}

int facts_add_row(struct table *table, const char *name, const struct ns_facts *facts, struct error *err)
{
	int ret = table_add_row(table, err);

	if (ret == 0)
		ret = table_set_text(table, FACT_LINK, name, err);
	if (ret == 0)
		ret = table_set_text(table, FACT_TYPE, ns_type_name(facts->type), err);
	if (ret == 0 && facts->ino_reason != 0)
		return table_set_note(table, FACT_NS, facts_reason(facts->ino_reason), err);
	if (ret == 0)
		ret = table_set_number(table, FACT_NS, facts->ino, err);
	if (ret == 0)
		ret = table_set_text(table, FACT_CALLER, facts->is_own ? "same" : "own", err);
	if (ret < 0 || facts->reason != 0)
		return ret;
	if (facts->id != 0)
		ret = table_set_number(table, FACT_NSID, facts->id, err);
	if (ret == 0)
		ret = set_related(table, FACT_OWNER, &facts->owner, err);
	if (ret == 0)
		ret = set_related(table, FACT_PARENT, &facts->parent, err);
	return ret;
}

void facts_print_field(const char *key, const char *format, ...)
{
	char value[1024];
	char safe[4 * sizeof(value)];
	va_list args;

	va_start(args, format);
	vsnprintf(value, sizeof(value), format, args);
	va_end(args);
	text_escape(value, strlen(value), safe, sizeof(safe));
	printf("  %-12s %s\n", key, safe);
}

void facts_print_map(const char *key, const struct id_map *map, int reason)
{
	if (reason != 0 || map->count == 0) {
		facts_print_field(key, "%s", reason ? facts_reason(reason) : "not set");
		return;
	}
	printf("  %-12s ", key);
	for (size_t i = 0; i < map->count; i++)
		printf("%s%u %u %u", i ? ", " : "", map->ranges[i].inside, map->ranges[i].outside,
		       map->ranges[i].count);
	putchar('\n');
}

json_t *facts_map_to_json(const struct id_map *map, int reason)
{
	json_t *ranges;

	if (reason != 0)
		return json_null();
	ranges = json_array();
	for (size_t i = 0; ranges && i < map->count; i++)
		json_array_append_new(ranges, json_pack("{s:I, s:I, s:I}", "inside",
							(json_int_t)map->ranges[i].inside, "outside",
							(json_int_t)map->ranges[i].outside, "count",
							(json_int_t)map->ranges[i].count));
	return ranges;
}

int facts_add_warning(json_t *object, const char *format, ...)
{
	json_t *warnings = json_object_get(object, "warnings");
	char text[512];
	va_list args;

	if (!warnings) {
		warnings = json_array();
		if (json_object_set_new(object, "warnings", warnings) < 0)
			return -ENOMEM;
	}
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return json_array_append_new(warnings, json_safe_string(text)) < 0 ? -ENOMEM : 0;
}
