/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/fields.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cmd/reason.h"

void field_print(const char *key, const char *format, ...)
{
	char value[2 * PATH_MAX + 64];
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

void field_write_map(struct json *json, const char *key, const struct id_map *map, int reason)
{
	if (reason != 0) {
		json_add_null(json, key);
		return;
	}
	json_open_array(json, key);
	for (size_t i = 0; i < map->count; i++) {
		json_open_object(json, NULL);
		json_add_number(json, "inside", map->ranges[i].inside);
		json_add_number(json, "outside", map->ranges[i].outside);
		json_add_number(json, "count", map->ranges[i].count);
		json_close(json);
	}
	json_close(json);
}
