/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Errors in a filter that libsmartcols does not refuse, or refuses without a reason. */
#ifndef NSCTL_TABLE_FILTER_CHECK_H
#define NSCTL_TABLE_FILTER_CHECK_H

#include "table/internal.h"

/*
 * Looks for what libsmartcols 2.40 to 2.42 is not to be given: a character that
 * its scanner does not know is dropped and printed; =~ or !~ without a text
 * behind it is a read through a null pointer.  Returns 0; or -EINVAL, and err
 * says how to write it.
 */
int filter_check_syntax(const char *expression, struct error *err);

/*
 * Looks for a text column that is compared with a number or with true or false,
 * a number column that is compared with a text that is no number, and columns
 * of different types.  libsmartcols goes by the left side: it stops at the
 * first row, or no row ever matches.  Returns as filter_check_syntax().
 */
int filter_check_types(const struct table *table, const char *expression, struct error *err);

#endif
