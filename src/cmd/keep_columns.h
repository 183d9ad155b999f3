/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The columns of keep: a kept name, and what it holds. */
#ifndef NSCTL_CMD_KEEP_COLUMNS_H
#define NSCTL_CMD_KEEP_COLUMNS_H

#include "table/table.h"

/* Ends with a column without a name; a row is a struct kept. */
extern const struct column keep_columns[];

#define KEEP_USUAL_COLUMNS "NAME,TYPE,NS,PATH,PROBLEM"

/* Prints the arranged table, or {"kept": [rows]}.  Returns 0 or a negative errno. */
int keep_columns_print(const struct table *table, const struct table_options *options, struct error *err);

#endif
