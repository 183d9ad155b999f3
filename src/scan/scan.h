/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finding the namespaces: what was asked for is read, and nothing else. */
#ifndef NSCTL_SCAN_SCAN_H
#define NSCTL_SCAN_SCAN_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"
#include "ns/ns.h"
#include "scan/engine.h"
#include "snapshot/snapshot.h"

struct scan_request {
	ns_type_set types;  /* which namespaces to find */
	enum engine engine; /* for a single process, procfs is always used */
	pid_t process;      /* read the tasks and files of this one only; 0: of all */

	bool leaders_only; /* of each process the leader only, not all threads */
	bool complete;     /* use BPF where possible, even if procfs is faster: BPF reports more */
	bool files;        /* open files and sockets */
	bool mounts;       /* bind mounts, in every mnt namespace */
	bool relations;    /* ids, owners and parents, and namespaces known only as such */
	bool netnsids;     /* with relations: the numbers of net namespaces */
	bool listed;       /* namespaces that the kernel lists */
	/*
	 * Only files and mounts that explain a namespace without tasks.  There are none
	 * where the kernel lists all namespaces (Linux 6.19) and each has a task.
	 */
	bool taskless_only;
};

/* Everything that can be found; by ENGINE_AUTO. */
#define SCAN_EVERYTHING                                                                                      \
	((struct scan_request){.types = NS_TYPE_SET_ALL,                                                     \
			       .complete = true,                                                             \
			       .files = true,                                                                \
			       .mounts = true,                                                               \
			       .relations = true,                                                            \
			       .listed = true})

/*
 * Scans the machine, as seen from the caller's pid namespace and with the
 * caller's privileges.  A process that ends meanwhile is no error, nor is one
 * that may not be read: snapshot->unreadable counts these.  The snapshot is
 * finished; the caller frees it.  Returns 0 or a negative errno.
 */
int scan(const struct scan_request *request, struct snapshot *snapshot, struct error *err);

/*
 * Opens a namespace of a snapshot, whatever holds it, and checks that it is
 * still the same one.  Returns 0; -ENOENT where it is gone; -EACCES where this
 * user may not; -ETIMEDOUT where what holds it blocks; or another negative
 * errno.
 */
int scan_open_ns(const struct snapshot *snapshot, uint32_t index, struct ns *ns);

#endif
