/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A column of a table: one declaration says all there is to know of it. */
#ifndef NSCTL_TABLE_COLUMN_H
#define NSCTL_TABLE_COLUMN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum column_type {
	COLUMN_TEXT,   /* a JSON string */
	COLUMN_LONG,   /* the same; truncated where the terminal is too narrow */
	COLUMN_NUMBER, /* a JSON number */
	COLUMN_ANSWER, /* "yes" or "no"; a JSON boolean */
	COLUMN_LIST,   /* lines; a JSON array of strings, empty where unknown */
};

struct cell;

struct column {
	const char *name; /* the heading; in lower case the JSON key */
	const char *help;
	enum column_type type;

	unsigned int needs; /* what has to be read before it can be filled; the bits are the command's */

	/* Fills its cell of a row, or leaves it unknown.  Returns 0 or -ENOMEM. */
	int (*fill)(struct cell *cell, const void *row);

	int width;        /* the least width; 0: that of its cells */
	bool is_right;    /* aligned to the right, as numbers always are */
	bool is_optional; /* not shown on a terminal where no row has a value */
	size_t number;    /* for a fill function of several columns: see cell_number() */
};

/*
 * The value of a cell; any bytes are safe.  A cell that is not filled is
 * unknown: null in JSON, shown as the text of cell_set_note(), else empty.  All
 * return 0 or -ENOMEM.
 */
int cell_set_text(struct cell *cell, const char *text);
int cell_set_number(struct cell *cell, uint64_t number);
int cell_set_answer(struct cell *cell, bool answer);

/* A number or a text that is shown as something else: "3h12m" for 11520.  shown may be NULL. */
int cell_set_shown_number(struct cell *cell, uint64_t number, const char *shown);
int cell_set_shown_text(struct cell *cell, const char *text, const char *shown);

/* The reason why a value is unknown, shown in its place. */
int cell_set_note(struct cell *cell, const char *note);

/* Prints the cell bold, where the options ask for colors. */
void cell_emphasize(struct cell *cell);

/* The number in the declaration of the cell's column. */
size_t cell_number(const struct cell *cell);

#endif
