/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The columns of why: a holder, what it is, and what would release it. */
#ifndef NSCTL_CMD_WHY_COLUMNS_H
#define NSCTL_CMD_WHY_COLUMNS_H

#include "cmd/task_columns.h"
#include "query/why.h"
#include "table/table.h"

/* Ends with a column without a name.  The task_columns can stand behind them. */
extern const struct column why_columns[];

/* The same: HELD, which is held, for tables of several namespaces. */
extern const struct column why_held_columns[];

/* Adds the rows to the table.  own_mnt: the caller's mnt namespace.  Returns 0 or a negative errno. */
int why_columns_fill(struct table *table, const struct snapshot *snapshot, const struct why_rows *rows,
		     uint32_t own_mnt, struct error *err);

#endif
