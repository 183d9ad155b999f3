/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of a table; only the files of table/ use it. */
#ifndef NSCTL_TABLE_INTERNAL_H
#define NSCTL_TABLE_INTERNAL_H

#include "table/table.h"

struct cell {
	const struct column *column;
	char *text;  /* the value; NULL: unknown */
	char *shown; /* what a table shows instead; NULL: the value */
	bool is_emphasized;
};

struct table_row {
	struct cell *cells;       /* of the wanted columns; see row_cell() */
	struct table_row *parent; /* NULL: none */
	size_t number;            /* in the order in which they were added */
	bool is_hidden;           /* by the filter */
	void *line;               /* while it is printed */
};

struct table {
	const struct column **columns; /* all that the layout has */
	size_t column_count;
	const struct table_options *options;
	const char *usual;
	size_t *chosen; /* numbers of columns, in the order to print */
	size_t chosen_count;
	size_t chosen_capacity;
	bool *wanted;  /* by number of column */
	size_t *slots; /* by number of column: the place of its cells in each row */
	size_t wanted_count;
	size_t sort_column;
	bool is_descending;
	struct table_row **rows;
	size_t row_count;
	size_t row_capacity;
};

/* The cell of a column that is wanted. */
static inline struct cell *row_cell(const struct table *table, const struct table_row *row, size_t column)
{
	return &row->cells[table->slots[column]];
}

/* The number of the column with this name, in any case, or -ENOENT. */
long columns_find(const struct column *const *columns, size_t count, const char *name, size_t length);

/* Fills err with "there is no column" and the nearest one.  Returns -EINVAL. */
int table_refuse_column(const struct table *table, const char *name, size_t length, struct error *err);

/* Marks the columns that the filter depends on as wanted.  Returns 0 or a negative errno. */
int filter_want_columns(struct table *table, const char *expression, struct error *err);

/* Hides the rows for which the filter is false. */
int filter_apply(struct table *table, const char *expression, struct error *err);

#endif
