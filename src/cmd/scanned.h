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

/*
 * Says on standard error that no process is in a namespace of the snapshot, and
 * what shows why it is there.  word: the namespace as the user wrote it.
 */
void scanned_report_no_process(const struct snapshot *snapshot, uint32_t ns, const char *word, char **argv);

#endif
