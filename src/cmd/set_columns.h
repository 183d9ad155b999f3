/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The columns of sets: which namespaces of a set are its own, and whose the others are. */
#ifndef NSCTL_CMD_SET_COLUMNS_H
#define NSCTL_CMD_SET_COLUMNS_H

#include "cmd/task_columns.h"
#include "query/sets.h"
#include "table/table.h"

#define SET_USUAL_COLUMNS "NAMESPACES,NPROCS,PID,USER,SHARES,CONTAINER,COMMAND"
#define SET_NSPROXY_COLUMNS "NAMESPACES,NPROCS,PID,USER,NSPROXY,REFS,COMMAND"

/* Ends with a column without a name. */
extern const struct column set_columns[];

/*
 * Adds the chosen rows to the table.  An nsproxy has a label; with_addresses its
 * address in the kernel's memory.  Returns 0 or a negative errno.
 */
int set_columns_fill(struct table *table, const struct snapshot *snapshot, const struct set_rows *rows,
		     bool with_addresses, struct error *err);

#endif
