/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The end of every command that shows what a scan found: the table, and what could not be read. */
#ifndef NSCTL_CMD_REPORT_H
#define NSCTL_CMD_REPORT_H

#include "cmd/command.h"
#include "query/rows.h"
#include "snapshot/snapshot.h"
#include "target/target.h"

/* Makes the lines of the table a tree: each was added for the row with its number. */
void report_set_parents(struct table *table, const struct rows *rows);

/*
 * Arranges and prints the table, as {key: [rows]} where the options ask for
 * JSON.  Lines on standard error, and the warnings of the JSON, say how much could
 * not be read and what would help.  Returns 0 or a negative errno.
 */
int report_print(const struct invocation *invocation, struct table *table,
		 const struct table_options *options, const char *key, const struct snapshot *snapshot,
		 struct error *err);

/*
 * Says on standard error that no process is in the namespaces that were found, and
 * what shows why they exist.  word: the target as the user wrote it.
 */
void report_no_process(const struct invocation *invocation, const struct snapshot *snapshot,
		       const struct found_target *found, const char *word);

#endif
