/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The columns of list, and of lsns. */
#ifndef NSCTL_CMD_LIST_COLUMNS_H
#define NSCTL_CMD_LIST_COLUMNS_H

#include "cmd/task_columns.h"
#include "query/rows.h"
#include "table/table.h"

/* Ends with a column without a name. */
extern const struct column list_columns[];

/*
 * Adds the rows to the table.  own_mnt: the caller's mnt namespace, or
 * SNAPSHOT_NONE.  Returns 0 or a negative errno.
 */
int list_columns_fill(struct table *table, const struct snapshot *snapshot, const struct rows *rows,
		      const struct table_options *options, uint32_t own_mnt, struct error *err);

#endif
