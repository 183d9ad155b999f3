/* The table of namespaces: list, and lsns. */
#ifndef NSCTL_VIEW_LIST_H
#define NSCTL_VIEW_LIST_H

#include "query/mount_path.h"
#include "query/rows.h"
#include "view/table.h"

/* In the order of lsns(8), then what it has not. */
enum list_column {
	LIST_NS,
	LIST_TYPE,
	LIST_PATH,
	LIST_NPROCS,
	LIST_PID,
	LIST_PPID,
	LIST_COMMAND,
	LIST_UID,
	LIST_USER,
	LIST_NETNSID,
	LIST_NSFS,
	LIST_PNS,
	LIST_ONS,
	LIST_LSNS_COUNT,
	LIST_NSID = LIST_LSNS_COUNT,
	LIST_NTASKS,
	LIST_HOLDERS,
	LIST_REFS,
	LIST_AGE,
	LIST_STATE,
	LIST_COUNT,
};

extern const struct column list_columns[LIST_COUNT];

struct list_view {
	const struct snapshot *snapshot;
	struct table *table;
	uint32_t own_mnt; /* the caller's mnt namespace, or SNAPSHOT_NONE */
	bool as_lsns;
	bool as_json;
	const struct mount_path *paths; /* by holder; NULL: NSFS is not wanted, or as_lsns */
};

/* Adds the rows to the table.  Returns 0 or a negative errno. */
int list_fill(struct list_view *view, const struct rows *rows, struct error *err);

#endif
