/* The command line that would release a holder, or why there is none. */
#ifndef NSCTL_QUERY_RELEASE_H
#define NSCTL_QUERY_RELEASE_H

#include "base/map.h"
#include "proc/signals.h"
#include "query/mount_path.h"
#include "query/why.h"

struct releases {
	const struct snapshot *snapshot;
	uint32_t ns; /* that is held */
	struct mount_paths paths;
	bool is_privileged;     /* the caller may unmount, where the mnt namespace is its own or below */
	bool has_open_mounts;   /* the next is filled */
	struct map open_mounts; /* ids of the mounts through which a process has the namespace open */
	pid_t last_pid;         /* whose ending is known: 0: none */
	enum ending last_ending;
};

/* own_mnt: the caller's mnt namespace, or SNAPSHOT_NONE. */
void releases_start(struct releases *releases, const struct snapshot *snapshot, uint32_t ns,
		    uint32_t own_mnt);
void releases_end(struct releases *releases);
#define AUTO_RELEASES __attribute__((cleanup(releases_end)))

/*
 * These fill release or, where there is none, reason.  A release is printable
 * ASCII, for sh(1), and does what it says as it stands.  They return 0 or
 * -ENOMEM.
 */

/* Of a row with a pid: ends that process. */
int release_process(struct releases *releases, struct why_row *row);

/* Of a child, or what it owns: shows what holds that one. */
int release_related(struct releases *releases, struct why_row *row);

/*
 * Of a bind mount: unmounts it, which the caller's own umount(8) does: there
 * may be none in the mnt namespace.  Fills pid as well: a process there.
 * may_be_copy: the same mount is in a mnt namespace with another owner.
 */
int release_mount(struct releases *releases, uint64_t mount_id, const char *point, bool may_be_copy,
		  struct why_row *row);

#endif
