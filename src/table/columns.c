/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The columns of a layout. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "table/internal.h"

long columns_find(const struct column *const *columns, size_t count, const char *name, size_t length)
{
	for (size_t i = 0; i < count; i++) {
		if (strlen(columns[i]->name) == length && strncasecmp(columns[i]->name, name, length) == 0)
			return (long)i;
	}
	return -ENOENT;
}

static size_t count_layout_columns(const struct table_layout *layout)
{
	size_t count = 0;

	for (size_t i = 0; i < TABLE_GROUPS; i++) {
		for (const struct column *column = layout->groups[i]; column && column->name; column++)
			count++;
	}
	return count;
}

static const struct column **collect_groups(const struct table_layout *layout, size_t *count)
{
	const struct column **columns =
	    calloc(count_layout_columns(layout) + 1, sizeof(const struct column *));

	*count = 0;
	for (size_t i = 0; columns && i < TABLE_GROUPS; i++) {
		for (const struct column *column = layout->groups[i]; column && column->name; column++) {
			if (columns_find(columns, *count, column->name, strlen(column->name)) < 0)
				columns[(*count)++] = column;
		}
	}
	return columns;
}

const struct column **columns_collect(const struct table_layout *layout, size_t *count)
{
	const struct column **columns = collect_groups(layout, count);
	const struct column **named;
	const char *list = layout->all;
	size_t found = 0;

	if (!columns || !list)
		return columns;
	named = calloc(*count + 1, sizeof(const struct column *));
	while (named && *list) {
		size_t length = strcspn(list, ",");
		long column = columns_find(columns, *count, list, length);

		if (column >= 0 && found < *count)
			named[found++] = columns[column];
		list += length + (list[length] == ',');
	}
	free(columns);
	*count = found;
	return named;
}

int table_list_columns(const struct table_layout *layout, struct error *err)
{
	size_t count;
	AUTO_FREE const struct column **columns = columns_collect(layout, &count);
	size_t widest = 0;

	if (!columns)
		return error_set_errno(err, ENOMEM, "cannot list the columns");
	for (size_t i = 0; i < count; i++)
		widest = strlen(columns[i]->name) > widest ? strlen(columns[i]->name) : widest;
	for (size_t i = 0; i < count; i++)
		printf("%-*s %s\n", (int)widest, columns[i]->name, columns[i]->help);
	return 0;
}
