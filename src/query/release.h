/* The command line that would release a holder, or why there is none. */
#ifndef NSCTL_QUERY_RELEASE_H
#define NSCTL_QUERY_RELEASE_H

#include "base/map.h"
#include "proc/signals.h"
#include "query/mount_path.h"
#include "query/why.h"

struct releases {
	const struct snapshot *snapshot;
	uint32_t ns;            /* that is held; SNAPSHOT_NONE: another kind of mount */
	bool is_privileged;     /* the caller may unmount, where the mnt namespace is its own or below */
	struct map open_mounts; /* ids of the mounts through which a process has the namespace open */
	pid_t last_pid;         /* whose ending is known: 0: none */
	enum ending last_ending;
};

void releases_start(struct releases *releases, const struct snapshot *snapshot, uint32_t ns);
void releases_end(struct releases *releases);
#define AUTO_RELEASES __attribute__((cleanup(releases_end)))

/*
 * Reads through which mounts processes have the namespace open: these are
 * unmounted lazily.  Before release_mount().  Returns 0 or -ENOMEM.
 */
int releases_read_open_mounts(struct releases *releases);

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
 * Of a mount: unmounts it, which the caller's own umount(8) does: there may be
 * none in the mnt namespace.  Fills pid as well: a process there.  path: what
 * mount_paths_find() found.  may_be_copy: the same mount is in a mnt namespace
 * with another owner.
 */
int release_mount(struct releases *releases, const struct mount_query *mount, const struct mount_path *path,
		  bool may_be_copy, struct why_row *row);

#endif
