/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The holders that keep a namespace alive. */
#ifndef NSCTL_QUERY_WHY_H
#define NSCTL_QUERY_WHY_H

#include "snapshot/details.h"
#include "snapshot/snapshot.h"

struct why_row {
	enum holder_kind kind;
	pid_t pid; /* the process that holds it, or one in the mnt namespace of a mount; 0: none */
	bool is_kernel_thread;
	pid_t tid;         /* the thread; 0: the process itself */
	int fd;            /* HOLDER_FILE to HOLDER_DETACHED: the descriptor; else -1 */
	uint32_t ns;       /* HOLDER_CHILD, HOLDER_OWNED: that one; HOLDER_MOUNT: where it is mounted */
	char *detail;      /* command line, path, socket or mount point, raw; NULL: not known */
	uint64_t mount_id; /* HOLDER_MOUNT: as /proc/PID/mountinfo has it; else 0 */
	char *command;     /* HOLDER_FILE to HOLDER_DETACHED: the process's, raw; NULL: not known */
	uint32_t copies;   /* HOLDER_MOUNT: other mnt namespaces with a copy that has no row */
	uint64_t more;     /* in the last row of its kind: holders of that kind that were counted, not kept */
	uint32_t processes; /* for a mount at a path: the processes in its mnt namespace; else 0 */
	char *release;      /* a command line that releases it, printable ASCII; NULL: none */
	/* Why there is no release, or umount(8) is none; NULL: it is obvious. */
	const char *reason;
	struct task_details details; /* of the process, or of the thread; of a mount, of one that sees it */
};

struct why_request {
	uint32_t own_mnt;     /* the caller's mnt namespace, or SNAPSHOT_NONE */
	bool with_copies;     /* a row for each mount, also where one in another mnt namespace is its copy */
	const bool *tasks;    /* by task: only holders whose process is one of these; NULL: all */
	unsigned int details; /* enum detail: what to read of the processes */
};

struct why_rows {
	uint32_t ns; /* the namespace that is held */
	struct why_row *rows;
	size_t count;
	size_t capacity;
	uint64_t unlisted; /* for request.tasks: holders that were counted, not kept, of whatever process */
};

/*
 * Makes one row for each holder, by kind, and one for all copies of a mount unless
 * request asks for each.  Leaves out the caller itself, and holders that released
 * the namespace since the scan.  Returns 0 or -ENOMEM.
 */
int why_make_rows(const struct snapshot *snapshot, uint32_t ns, const struct why_request *request,
		  struct why_rows *rows);

/*
 * Leaves the rows of request->tasks, and reads the details.  why_make_rows() has done
 * that; other rows may need it.  Returns 0 or -ENOMEM.
 */
int why_rows_finish(const struct snapshot *snapshot, const struct why_request *request,
		    struct why_rows *rows);

void why_row_free(struct why_row *row);

/* Takes over a row and its texts, also if it fails.  Returns 0 or -ENOMEM. */
int why_rows_add(struct why_rows *rows, struct why_row *row);

void why_rows_free(struct why_rows *rows);
#define AUTO_WHY_ROWS __attribute__((cleanup(why_rows_free)))

#endif
