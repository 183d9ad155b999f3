/* The columns about a task, which several commands have. */
#ifndef NSCTL_CMD_TASK_COLUMNS_H
#define NSCTL_CMD_TASK_COLUMNS_H

#include "proc/user_names.h"
#include "scan/details.h"
#include "table/column.h"

/* What a column needs beside the details of tasks, whose bits (enum detail) are below these. */
enum need {
	NEED_PROCESSES = 1U << 16,    /* all processes, also where one alone was asked for */
	NEED_USER_NAMES = 1U << 17,   /* the names of this system's users */
	NEED_INSIDE_NAMES = 1U << 18, /* the names that users have inside */
	NEED_CREATORS = 1U << 19,     /* who made the owner of a namespace without processes */
	NEED_RELATIONS = 1U << 20,    /* owners, parents and ids */
	NEED_NETNSIDS = 1U << 21,     /* the numbers of net namespaces */
	NEED_MOUNTS = 1U << 22,       /* the bind mounts of namespaces that have processes, too */
	NEED_REFS = 1U << 23,         /* the kernel's reference counts */
};
#define NEEDS_OF_DETAILS 0xffffU

/* The first member of a row with these columns. */
struct task_row {
	pid_t pid;                          /* 0: the row has no task */
	const struct task_details *details; /* of the task, all empty without one */
	bool has_uid;
	uid_t uid;
	const char *user; /* the name of the uid; NULL: unknown or not wanted */
	uint32_t process_count;
	uint32_t task_count;
};

/* Each ends with a column without a name, as a group of a table_layout. */
extern const struct column count_columns[];
extern const struct column task_columns[];

/*
 * Fills in the names of the users of count rows, each of size bytes and with a
 * task_row at its begin.  names own them and have to outlive the rows.  Returns 0
 * or a negative errno.
 */
int task_rows_name_users(void *rows, size_t count, size_t size, struct user_names *names, struct error *err);

#endif
