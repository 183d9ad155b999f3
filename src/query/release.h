/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line that would release a holder, or why there is none. */
#ifndef NSCTL_QUERY_RELEASE_H
#define NSCTL_QUERY_RELEASE_H

#include "base/map.h"
#include "proc/signals.h"
#include "query/mount_path.h"
#include "query/why.h"

/* The reason of a mount that the kernel does not let its mnt namespace unmount; see mount_namespaces(7). */
#define RELEASE_LOCKED "locked: it came from a mnt namespace with another owner"

struct releases {
	const struct snapshot *snapshot;
	uint32_t ns;            /* the one that is held; SNAPSHOT_NONE: the mount is of another file system */
	bool is_privileged;     /* may unmount in mnt namespaces that its user namespace owns */
	struct map open_mounts; /* ids of the mounts through which a process has the namespace open */
	pid_t last_pid;         /* the process whose signal is known; 0: none */
	enum ending last_ending;
};

void releases_start(struct releases *releases, const struct snapshot *snapshot, uint32_t ns);
void releases_end(struct releases *releases);
#define AUTO_RELEASES __attribute__((cleanup(releases_end)))

/*
 * Reads through which mounts processes have the namespace open: these have to be
 * unmounted lazily.  Call it before release_mount().  Returns 0 or -ENOMEM.
 */
int releases_read_open_mounts(struct releases *releases);

/*
 * These fill release or, if there is none, reason.  A release is printable ASCII,
 * a command line for sh(1) that works as it stands.  They return 0 or -ENOMEM.
 */

/* For a row with a pid: ends that process. */
int release_process(struct releases *releases, struct why_row *row);

/* For a child or a namespace that it owns: shows what holds that one. */
int release_related(struct releases *releases, struct why_row *row);

/*
 * For a mount: unmounts it by the caller's own umount(8), which the mnt namespace
 * may lack; if that cannot reach it, by nsctl drop --holders, and reason says why.
 * Fills pid as well: a process there.  path: from mount_paths_find().
 * may_be_copy: the same mount is in a mnt namespace with another owner.
 */
int release_mount(struct releases *releases, const struct mount_query *mount, const struct mount_path *path,
		  bool may_be_copy, struct why_row *row);

#endif
