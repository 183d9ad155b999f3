/* What a table consists of; only the files of view/table use it. */
#ifndef NSCTL_VIEW_TABLE_CELLS_H
#define NSCTL_VIEW_TABLE_CELLS_H

#include "view/table.h"

struct cell {
	char *text;  /* the value; NULL: unknown */
	char *shown; /* what a table shows instead; NULL: the value */
};

struct table_row {
	struct cell *cells;       /* one for each column of the table */
	struct table_row *parent; /* NULL: none */
	size_t number;            /* in the order in which they were added */
	bool is_hidden;           /* the filter left it out */
	void *line;               /* while it is printed */
};

struct table {
	const struct column *columns;
	size_t column_count;
	const struct view_options *options;
	size_t *chosen; /* numbers of columns, in the order to print */
	size_t chosen_count;
	size_t chosen_capacity;
	bool *wanted; /* by number of column */
	size_t sort_column;
	struct table_row **rows;
	size_t row_count;
	size_t row_capacity;
};

/* The number of the column with this name, in any case, or -ENOENT. */
long table_find_column(const struct table *table, const char *name, size_t length);

/* Fills err with "there is no column" and the nearest one.  Returns -EINVAL. */
int table_refuse_column(const struct table *table, const char *name, size_t length, struct error *err);

/* Marks the columns that the filter looks at as wanted.  Returns 0 or a negative errno. */
int filter_want_columns(struct table *table, const char *expression, struct error *err);

/* Hides the rows that the filter leaves out. */
int filter_apply(struct table *table, const char *expression, struct error *err);

/* The text of a cell as it is shown, made safe; NULL where it is unknown.  Returns 0 or -ENOMEM. */
int table_safe_text(const struct table *table, const struct table_row *row, size_t column, char **safe);

#endif
