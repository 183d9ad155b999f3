/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The selection, the order and the tree of the namespaces and tasks that are shown. */
#ifndef NSCTL_QUERY_ROWS_H
#define NSCTL_QUERY_ROWS_H

#include "scan/details.h"
#include "snapshot/snapshot.h"

/* The row that a row hangs below. */
enum tree {
	TREE_NONE,
	TREE_PROCESS, /* the row of the process's parent */
	TREE_OWNER,   /* the row of the owning user namespace */
	TREE_PARENT,  /* the row of the parent of a pid or user namespace */
};

#define ROW_NONE SIZE_MAX

/* A namespace and a task in it, or a task alone. */
struct row {
	uint32_t ns;   /* SNAPSHOT_NONE: the row shows a task alone */
	uint32_t task; /* SNAPSHOT_NONE: it has no task */
	struct task_details details;
	size_t parent; /* any other row, or ROW_NONE */
};

struct rows {
	struct row *rows;
	size_t count;
	size_t capacity;
};

struct rows_request {
	const bool *chosen; /* by namespace; NULL: all */
	enum tree tree;
	unsigned int details; /* enum detail: what to read of the tasks */
	bool as_lsns;         /* of a namespace, the process with the lowest PID is shown */
};

/*
 * One row for each chosen namespace, with the task of shown_tasks_choose(), by inode; in a tree
 * of owners or parents these come first, chosen or not, as with lsns(8).
 * Returns 0 or -ENOMEM.
 */
int rows_of_namespaces(const struct snapshot *snapshot, const struct rows_request *request,
		       struct rows *rows);

/* One row for each process in a namespace, and with ns for each; by pid.  Returns 0 or -ENOMEM. */
int rows_of_processes(const struct snapshot *snapshot, uint32_t ns, const struct rows_request *request,
		      struct rows *rows);

/*
 * One row for each chosen task, by process and thread, but for those that
 * ended since the scan.  chosen: by task.  Returns 0 or -ENOMEM.
 */
int rows_of_tasks(const struct snapshot *snapshot, const bool *chosen, unsigned int details,
		  struct rows *rows);

void rows_free(struct rows *rows);
#define AUTO_ROWS __attribute__((cleanup(rows_free)))

#endif
