/* A table of typed cells: for a terminal, for scripts, or as JSON. */
#ifndef NSCTL_VIEW_TABLE_H
#define NSCTL_VIEW_TABLE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "view/options.h"

enum column_type {
	COLUMN_TEXT,   /* a JSON string */
	COLUMN_LONG,   /* the same; cut where the terminal is too narrow */
	COLUMN_NUMBER, /* a JSON number */
	COLUMN_ANSWER, /* "yes" or "no"; a JSON boolean */
	COLUMN_LIST,   /* lines; a JSON array of strings, empty where unknown */
};

struct column {
	const char *name; /* the heading; in lower case the JSON key */
	const char *help;
	enum column_type type;
	bool is_default;
	int width;        /* at least this wide; 0: as its cells */
	bool is_right;    /* to the right, as numbers always are */
	bool is_optional; /* left out for people where no row has it */
};

struct table;

/*
 * A table with the columns that options choose.  columns stays the caller's
 * and has to outlive the table; no column has an empty name.  NULL on an
 * unknown column or without memory.
 */
struct table *table_new(const struct column *columns, size_t count, const struct view_options *options,
			struct error *err);
void table_free(struct table *table);

static inline void cleanup_table(struct table **table)
{
	table_free(*table);
}
#define AUTO_TABLE __attribute__((cleanup(cleanup_table)))

/*
 * Whether anything is to be seen of a column, or depends on it: else its cells
 * need not be filled.  False for a column that the table has not.
 */
bool table_wants(const struct table *table, size_t column);

/* Starts a row; the cells that follow are of it. */
int table_add_row(struct table *table, struct error *err);

/* Hangs a row below another, both by their number, where the options ask for a tree. */
void table_set_parent(struct table *table, size_t row, size_t parent);

/*
 * Fills a cell of the last row, by the number of its column in columns;
 * hostile text is fine.  A cell that is not filled is unknown: null in JSON,
 * shown as the text of table_set_note(), else empty.
 */
int table_set_text(struct table *table, size_t column, const char *text, struct error *err);
int table_set_number(struct table *table, size_t column, uint64_t number, struct error *err);

/* A number that is shown as something else: "3h12m" for 11520. */
int table_set_shown_number(struct table *table, size_t column, uint64_t number, const char *shown,
			   struct error *err);

/* Says in the place of an unknown value why it is; JSON still has null. */
int table_set_note(struct table *table, size_t column, const char *note, struct error *err);

/* Leaves out what the filter of the options does, and optional columns; sorts.  Before anything is printed.
 */
int table_arrange(struct table *table, struct error *err);

/* Prints the table to standard output: with as_lsns as JSON too, else the caller makes that. */
int table_print(const struct table *table, struct error *err);

/* The rows as a JSON array of objects, for the caller to put where it belongs; NULL without memory. */
json_t *table_to_json(const struct table *table);

/* For --list-columns: every column and its help. */
void table_list_columns(const struct column *columns, size_t count);

/* The same with the types of their values, as lsns(8) prints it: also raw or as JSON.  Returns 0 or -ENOMEM.
 */
int table_list_columns_as_lsns(const struct column *columns, size_t count, const struct view_options *options,
			       struct error *err);

#endif
