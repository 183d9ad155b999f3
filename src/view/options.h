/* The switches that every command with a table has, the same as lsns(8). */
#ifndef NSCTL_VIEW_OPTIONS_H
#define NSCTL_VIEW_OPTIONS_H

#include <getopt.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct view_options {
	bool json;
	bool raw;
	bool no_headings;
	bool no_truncate;
	bool all_columns;
	bool list_columns;
	const char *output; /* a list of columns, "+COL" adds; NULL: the default ones */

	/* Of the commands whose rows have much in them. */
	const char *usual;  /* the default columns, in their order; NULL: by column */
	bool no_wrap;       /* lists in one line, apart by commas */
	const char *filter; /* an expression of scols-filter(5); NULL: all rows */
	const char *sort;   /* a column; NULL: as they come */
	bool is_tree;       /* rows hang below their parents */
	size_t tree_column; /* where the branches are drawn */
	bool as_lsns;       /* empty cells in raw lines, and JSON, as lsns(8) prints them */
};

/* For getopt_long(3): add to a command's own.  view_options_take() does not take -V. */
#define VIEW_SHORT_OPTIONS "Jrno:uHV"
enum { VIEW_OPTION_OUTPUT_ALL = 0x100, VIEW_OPTION_END };
#define VIEW_LONG_OPTIONS                                                                                    \
	{"json", no_argument, NULL, 'J'}, {"raw", no_argument, NULL, 'r'},                                   \
	    {"noheadings", no_argument, NULL, 'n'}, {"output", required_argument, NULL, 'o'},                \
	    {"output-all", no_argument, NULL, VIEW_OPTION_OUTPUT_ALL},                                       \
	    {"notruncate", no_argument, NULL, 'u'}, {"version", no_argument, NULL, 'V'},                     \
	{                                                                                                    \
		"list-columns", no_argument, NULL, 'H'                                                       \
	}

#define VIEW_HELP                                                                                            \
	" -J, --json           JSON\n"                                                                       \
	" -r, --raw            columns separated by one space, for scripts\n"                                \
	" -n, --noheadings     no headings\n"                                                                \
	" -o, --output LIST    these columns; +LIST adds to the default ones\n"                              \
	"     --output-all     all columns\n"                                                                \
	" -u, --notruncate     do not truncate\n"                                                            \
	" -H, --list-columns   list the columns there are\n"                                                 \
	" -V, --version        version\n"

/*
 * Takes one option that getopt_long(3) returned.  Returns false where it is not
 * one of these, or is --json or --raw after the other one of the two.
 */
bool view_options_take(struct view_options *options, int option, const char *argument);

#endif
