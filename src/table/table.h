/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A table of typed cells: for a terminal, for scripts, or as JSON.  Knows nothing of namespaces. */
#ifndef NSCTL_TABLE_TABLE_H
#define NSCTL_TABLE_TABLE_H

#include "base/error.h"
#include "table/column.h"
#include "table/json.h"
#include "table/options.h"

#define TABLE_GROUPS 3

/* The columns that a command can show. */
struct table_layout {
	/* Columns, each group ended by one without a name; of two with one name the first counts. */
	const struct column *groups[TABLE_GROUPS];
	const char *all;   /* names of the only ones to use, in their order; NULL: all of the groups */
	const char *usual; /* names of those that are shown by default; NULL: all */
};

/*
 * The columns of a layout, in their order.  Returns an array that the caller
 * frees; NULL without memory.
 */
const struct column **columns_collect(const struct table_layout *layout, size_t *count);

struct table;

/*
 * A table with the columns that the options choose.  layout and options stay
 * the caller's and have to outlive the table.  Returns NULL on an unknown
 * column (EINVAL) or without memory.
 */
struct table *table_new(const struct table_layout *layout, const struct table_options *options,
			struct error *err);
void table_free(struct table *table);

static inline void cleanup_table(struct table **table)
{
	table_free(*table);
}
#define AUTO_TABLE __attribute__((cleanup(cleanup_table)))

/* The needs of all columns that are shown, or that a filter or the order depends on. */
unsigned int table_needs(const struct table *table);

/* Adds a row and fills its cells; row is not used later.  Returns 0 or a negative errno. */
int table_add_row(struct table *table, const void *row, struct error *err);

/* Puts a row below another, both by their number, where the options ask for a tree. */
void table_set_parent(struct table *table, size_t row, size_t parent);

/*
 * Applies the filter of the options, drops empty optional columns and sorts.
 * To be called before anything is printed.  Returns 0 or a negative errno.
 */
int table_arrange(struct table *table, struct error *err);

/* Whether no row is to be printed. */
bool table_is_empty(const struct table *table);

/* Prints the table to standard output, except as JSON. */
int table_print(const struct table *table, struct error *err);

/* The same as the JSON of lsns(8). */
int table_print_lsns_json(const struct table *table, struct error *err);

/* Writes the rows as an array of objects.  json_finish() reports a lack of memory. */
void table_write_json(const struct table *table, struct json *json, const char *key);

/* For --list-columns: every column and its help.  Returns 0 or -ENOMEM. */
int table_list_columns(const struct table_layout *layout, struct error *err);

/*
 * The same with the types of their values, as lsns(8) prints it: as text, raw
 * or as JSON.  Returns 0 or -ENOMEM.
 */
int table_list_columns_as_lsns(const struct table_layout *layout, const struct table_options *options,
			       struct error *err);

#endif
