/* From a namespace's inode or id to the namespace: whoever holds it, it is found there and opened. */
#ifndef NSCTL_PROC_SEARCH_H
#define NSCTL_PROC_SEARCH_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "ns/ns.h"

/* What to look for: by id where id is not 0, else by inode. */
struct search {
	ns_type_set types;
	ino_t ino;
	uint64_t id;
	size_t unreadable; /* out: processes whose namespaces may not be read */
	size_t processes;  /* out: processes looked at */
};

/*
 * Looks at the namespaces of processes, then of their threads, then at open
 * files, then at the bind mounts of the caller's mnt namespace, and opens the
 * first that fits.  Returns 0; -ENOENT where there is none; or another
 * negative errno.
 */
int search_ns(struct search *search, struct ns *found);

/*
 * A process whose link, of the namespace's type, leads to it.  Returns its
 * pid, or -ENOENT where none can be seen.
 */
pid_t search_member(const struct ns *ns, enum ns_link link);

#endif
