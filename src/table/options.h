/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of every command with a table, the same as those of lsns(8). */
#ifndef NSCTL_TABLE_OPTIONS_H
#define NSCTL_TABLE_OPTIONS_H

#include <stdbool.h>

/* How lsns(8) lays out JSON. */
enum json_layout {
	JSON_PRETTY,
	JSON_COMPACT, /* a line for each row, without blanks */
	JSON_LINES,   /* the same, without what is around the rows */
};

struct table_options {
	bool json;
	bool raw;
	bool no_headings;
	bool no_truncate;
	bool all_columns;
	bool list_columns;
	bool no_wrap;            /* lists in one line, separated by commas */
	const char *output;      /* a list of columns, "+COL" adds; NULL: the usual ones */
	const char *output_from; /* the environment variable that it is from; NULL: none */
	const char *usual;       /* takes the place of the layout's usual columns; NULL: those */
	const char *filter;      /* an expression of scols-filter(5); NULL: all rows */
	const char *sort;        /* the name of a column, behind "-" for descending; NULL: as the rows come */
	const char *tree_column; /* the name of the column with the branches; NULL: no tree */
	bool has_color;          /* emphasized cells are printed bold */
	bool as_lsns;            /* empty cells in raw lines, and JSON, as lsns(8) prints them */
	enum json_layout json_layout; /* as_lsns */
};

#endif
