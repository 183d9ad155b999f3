/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The columns about a task, which several commands have. */
#ifndef NSCTL_CMD_TASK_COLUMNS_H
#define NSCTL_CMD_TASK_COLUMNS_H

#include "scan/details.h"
#include "table/column.h"

/* The needs of a column beside the details of tasks, whose bits (enum detail) are below these. */
enum need {
	NEED_PROCESSES = 1U << 16, /* all processes, also where one alone was asked for */
	NEED_CREATORS = 1U << 17,  /* who made the owner of a namespace without processes */
	NEED_RELATIONS = 1U << 18, /* owners, parents and ids */
	NEED_NETNSIDS = 1U << 19,  /* the numbers of net namespaces */
	NEED_MOUNTS = 1U << 20,    /* the bind mounts of namespaces that have processes, too */
	NEED_REFS = 1U << 21,      /* the kernel's reference counts */
	NEED_KEPT = 1U << 22,      /* the names of nsctl-keep(1) */
};
#define NEEDS_OF_DETAILS 0xffffU

/* The first member of a row with these columns. */
struct task_row {
	pid_t pid;                          /* 0: the row has no task */
	const struct task_details *details; /* of the task; without one empty but for a user */
	uint32_t process_count;
	uint32_t task_count;
};

/* Each ends with a column without a name, as a group of a table_layout. */
extern const struct column count_columns[];
extern const struct column task_columns[];

#endif
