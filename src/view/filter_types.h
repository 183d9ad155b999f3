/* Whether the two sides of each comparison in a filter can be compared at all. */
#ifndef NSCTL_VIEW_FILTER_TYPES_H
#define NSCTL_VIEW_FILTER_TYPES_H

#include "view/table_cells.h"

/*
 * Looks for a text column that is compared with a number or with true or false,
 * a number column that is compared with a text which is no number, columns of
 * different types, and =~ without a pattern in quotes.  libsmartcols takes the
 * type of the left side: it stops at the first row, or no row ever matches.
 * Returns 0; or -EINVAL, and err says how to write it.
 */
int filter_check_types(const struct table *table, const char *expression, struct error *err);

/*
 * =~ and !~ alone: libsmartcols 2.38 to 2.42 reads through a pointer that it
 * does not have where the right side is not a text.
 */
int filter_check_patterns(const char *expression, struct error *err);

#endif
