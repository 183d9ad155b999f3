/* Who keeps a namespace alive, holder by holder. */
#ifndef NSCTL_QUERY_WHY_H
#define NSCTL_QUERY_WHY_H

#include "snapshot/snapshot.h"

struct why_row {
	enum holder_kind kind;
	pid_t pid; /* the process that holds it, or one in the mnt namespace of a mount; 0: none */
	bool is_kernel_thread;
	bool is_outside_root; /* of a mount: the process's root is not that of its mnt namespace */
	pid_t tid;            /* HOLDER_THREAD, HOLDER_FOR_CHILDREN: the thread */
	int fd;               /* HOLDER_FILE, HOLDER_SOCKET: the descriptor; else -1 */
	uint32_t ns;          /* HOLDER_CHILD, HOLDER_OWNED: that one; HOLDER_MOUNT: where it is mounted */
	char *detail;         /* command line, path, socket or mount point, raw; NULL: not known */
	char *command;        /* HOLDER_FILE, HOLDER_SOCKET: the process's, raw; NULL: not known */
};

struct why_rows {
	struct why_row *rows;
	size_t count;
	size_t capacity;
};

/*
 * One row for each holder, by kind.  The caller itself is left out, and so is
 * what let go since the scan.  Returns 0 or -ENOMEM.
 */
int why_make_rows(const struct snapshot *snapshot, uint32_t ns, struct why_rows *rows);

void why_rows_free(struct why_rows *rows);
#define AUTO_WHY_ROWS __attribute__((cleanup(why_rows_free)))

#endif
