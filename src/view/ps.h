/* The table of the processes or threads in a namespace or set, as seen from outside and from inside. */
#ifndef NSCTL_VIEW_PS_H
#define NSCTL_VIEW_PS_H

#include "query/rows.h"
#include "view/table.h"

enum ps_column {
	PS_PID,
	PS_TID,
	PS_PPID,
	PS_NSPID,
	PS_USER,
	PS_UID,
	PS_NSUSER,
	PS_NSUID,
	PS_STATE,
	PS_AGE,
	PS_COMMAND,
	PS_COUNT,
};

extern const struct column ps_columns[PS_COUNT];

/* Adds the rows to the table.  Returns 0 or a negative errno. */
int ps_fill(struct table *table, const struct snapshot *snapshot, const struct rows *rows, struct error *err);

#endif
