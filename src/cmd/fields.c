#include "cmd/fields.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cmd/reason.h"

void field_print(const char *key, const char *format, ...)
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

void field_print_map(const char *key, const struct id_map *map, int reason)
{
	if (reason != 0 || map->count == 0) {
		field_print(key, "%s", reason ? reason_word(reason) : "not set");
		return;
	}
	printf("  %-12s ", key);
	for (size_t i = 0; i < map->count; i++)
		printf("%s%u %u %u", i ? ", " : "", map->ranges[i].inside, map->ranges[i].outside,
		       map->ranges[i].count);
	putchar('\n');
}

json_t *field_map_to_json(const struct id_map *map, int reason)
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
