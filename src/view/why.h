/* The table of a namespace's holders. */
#ifndef NSCTL_VIEW_WHY_H
#define NSCTL_VIEW_WHY_H

#include "query/why.h"
#include "view/table.h"

enum why_column {
	WHY_HOLDER,
	WHY_PID,
	WHY_TID,
	WHY_FD,
	WHY_NS,
	WHY_WHAT,
	WHY_COMMAND,
	WHY_RELEASE,
	WHY_COUNT,
};

extern const struct column why_columns[WHY_COUNT];

/* Adds the rows to the table.  own_mnt: the caller's mnt namespace.  Returns 0 or a negative errno. */
int why_fill(struct table *table, const struct snapshot *snapshot, const struct why_rows *rows,
	     uint32_t own_mnt, struct error *err);

#endif
