/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The details of a task that only tasks that are shown need. */
#ifndef NSCTL_SNAPSHOT_DETAILS_H
#define NSCTL_SNAPSHOT_DETAILS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* The details to read: one bit for each group. */
enum detail {
	DETAIL_STAT = 1U << 0, /* ppid, age, is_kernel_thread */
	DETAIL_USER = 1U << 1, /* uid */
	DETAIL_COMMAND =
	    1U << 2, /* TEXT_COMMAND; "[comm]" where reading it blocks, and then counted as unanswered */
	DETAIL_INSIDE = 1U << 3,                  /* nspid, inside */
	DETAIL_STATE = 1U << 4,                   /* state, and what DETAIL_STAT has */
	DETAIL_PLAIN = 1U << 5,                   /* TEXT_COMMAND without " <defunct>", as lsns(8) has it */
	DETAIL_USER_NAME = 1U << 6 | DETAIL_USER, /* TEXT_USER, and what DETAIL_USER has */
	DETAIL_INSIDE_NAME = 1U << 7 | DETAIL_INSIDE, /* TEXT_INSIDE_USER, and what DETAIL_INSIDE has */
	DETAIL_CGROUP = 1U << 8,                      /* TEXT_CGROUP */
	DETAIL_CONTAINER = 1U << 9 | DETAIL_CGROUP,   /* TEXT_CONTAINER to TEXT_POD */
	DETAIL_UNIT = 1U << 10 | DETAIL_CGROUP,       /* TEXT_UNIT */
};

enum detail_text {
	TEXT_COMMAND,      /* its command line, raw, or its name if it has none */
	TEXT_CGROUP,       /* the path of its cgroup v2, else of systemd's, else of the first */
	TEXT_USER,         /* the name of uid on this system, or the number */
	TEXT_INSIDE_USER,  /* the name of inside in its own /etc/passwd */
	TEXT_CONTAINER,    /* the name of the container that it is in; NULL: in none */
	TEXT_CONTAINER_ID, /* its whole id */
	TEXT_RUNTIME,      /* the runtime that made it: "docker" */
	TEXT_IMAGE,        /* NULL: not known */
	TEXT_POD,          /* NULL: in none */
	TEXT_UNIT,         /* its systemd unit: "nginx.service", "user@1000/foo.service" */
	DETAIL_TEXT_COUNT,
};

struct task_details {
	bool is_gone;  /* it ended since the scan: nothing else is set */
	bool has_stat; /* the next two could be read */
	pid_t ppid;
	bool is_kernel_thread;
	bool has_age;
	uint64_t age; /* seconds since it started */
	char state;   /* as ps(1) prints it; 0: not read */
	bool has_uid;
	uid_t uid;   /* effective, as seen from the caller's user namespace */
	pid_t nspid; /* its number in its own pid namespace; 0: not read */
	bool has_inside;
	uid_t inside;                   /* its uid in its own user namespace */
	ino_t mnt;                      /* with DETAIL_CONTAINER: its mnt namespace; 0: not read */
	char *texts[DETAIL_TEXT_COUNT]; /* NULL: it has none, or it was not read */
};

/* Makes a copy with texts of its own.  Returns 0 or -ENOMEM; to is to be freed in any case. */
int task_details_copy(const struct task_details *from, struct task_details *to);

void task_details_free(struct task_details *details);
#define AUTO_DETAILS __attribute__((cleanup(task_details_free)))

#endif
