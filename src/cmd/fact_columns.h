/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The columns of show: what is known of a namespace, whoever asks. */
#ifndef NSCTL_CMD_FACT_COLUMNS_H
#define NSCTL_CMD_FACT_COLUMNS_H

#include "query/describe.h"
#include "table/table.h"

extern const struct table_layout fact_layout;

/* Adds one row; name is its link.  Returns 0 or a negative errno. */
int fact_columns_add(struct table *table, const char *name, const struct ns_facts *facts, struct error *err);

#endif
