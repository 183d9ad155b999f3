/* The end of every command that shows what a scan found. */
#ifndef NSCTL_CMD_SCANNED_H
#define NSCTL_CMD_SCANNED_H

#include "snapshot/snapshot.h"
#include "view/table.h"

/*
 * Arranges and prints the table, as {key: [rows]} where the options ask for
 * JSON; and says in the last line on standard error, and in the warnings of
 * the JSON, how many processes could not be read, and what would help.
 * Returns 0 or a negative errno.
 */
int scanned_print(struct table *table, const struct view_options *options, const char *key,
		  const struct snapshot *snapshot, char **argv, struct error *err);

#endif
