/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sets of a snapshot: their tasks, the sets they were born from, and which namespaces are their own. */
#ifndef NSCTL_QUERY_SETS_H
#define NSCTL_QUERY_SETS_H

#include "scan/details.h"
#include "snapshot/snapshot.h"

/* The origin of a set's namespace. */
enum set_mark {
	MARK_UNKNOWN, /* this kernel has no such namespaces, or the engine does not report them */
	MARK_HOST,    /* it is the host's */
	MARK_BORN,    /* it is that of the set it was born from */
	MARK_OWN,
};

struct set_row {
	uint32_t set;     /* one of the sets of this row, which have the same namespaces */
	uint32_t founder; /* the task whose parent is in another set, going up from the lowest PID */
	uint32_t born;    /* the set of the founder's parent; SNAPSHOT_NONE: not known */
	bool is_host;
	bool is_chosen;         /* else it is only there for what others share with it */
	uint32_t process_count; /* by the leaders of thread groups */
	uint32_t task_count;
	uint64_t nsproxy;       /* 0: the tasks have several, or the engine does not report it */
	uint32_t refs;          /* the count of nsproxy */
	uint32_t nsproxy_tasks; /* tasks found with nsproxy, in any set */
	enum set_mark marks[NS_LINK_COUNT];
	struct task_details details; /* of the founder */
};

struct set_rows {
	struct set_row *rows;
	size_t count;
	size_t chosen_count;
};

/*
 * Returns the host's set: that of process 1, or the caller's own if this user may
 * not read process 1.
 */
uint32_t sets_find_host(const struct snapshot *snapshot);

struct sets_request {
	const bool *chosen;   /* by set; NULL: all */
	const bool *within;   /* a row has to have one of these sets, too; NULL: any */
	unsigned int details; /* enum detail: what to read of the founders */
	bool by_nsproxy;      /* a row for each nsproxy, pid and user namespace */
};

/*
 * One row for the tasks whose ten links are the same; it is chosen if any of
 * their sets is.  The host's is first, the others are in the order of the
 * founders' PIDs.  Zombies have left their sets and make none.  Only chosen rows
 * have details.  Returns 0 or -ENOMEM.
 */
int sets_make_rows(const struct snapshot *snapshot, const struct sets_request *request,
		   struct set_rows *rows);

void set_rows_free(struct set_rows *rows);
#define AUTO_SET_ROWS __attribute__((cleanup(set_rows_free)))

#endif
