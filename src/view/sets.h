/* The table of sets: the overview that a person wants first. */
#ifndef NSCTL_VIEW_SETS_H
#define NSCTL_VIEW_SETS_H

#include "query/sets.h"
#include "view/table.h"

/* The namespaces by the names that ps(1) has for them. */
enum sets_column {
	SETS_NPROCS,
	SETS_NTASKS,
	SETS_PID,
	SETS_USER,
	SETS_UID,
	SETS_CGROUPNS,
	SETS_IPCNS,
	SETS_MNTNS,
	SETS_NETNS,
	SETS_PIDNS,
	SETS_PIDNS_FOR_CHILDREN,
	SETS_TIMENS,
	SETS_TIMENS_FOR_CHILDREN,
	SETS_USERNS,
	SETS_UTSNS,
	SETS_NSPROXY,
	SETS_REFS,
	SETS_NSPROXY_TASKS,
	SETS_HOST,
	SETS_BORN,
	SETS_OWN,
	SETS_AGE,
	SETS_COMMAND,
	SETS_COUNT,
};

extern const struct column sets_columns[SETS_COUNT];

/* What has to be read of the leaders: enum detail. */
unsigned int sets_details(const struct table *table);

/*
 * Adds the rows to the table.  An nsproxy is told by a label; with_addresses:
 * by its address in the kernel's memory.  Returns 0 or a negative errno.
 */
int sets_fill(struct table *table, const struct snapshot *snapshot, const struct set_rows *rows,
	      bool with_addresses, struct error *err);

#endif
