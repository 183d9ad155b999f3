/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unmounts whatever holds a namespace, in every mnt namespace. */
#ifndef NSCTL_UNMOUNT_UNMOUNT_H
#define NSCTL_UNMOUNT_UNMOUNT_H

#include "scan/scan.h"

enum unmount_result {
	UNMOUNT_DONE,
	UNMOUNT_LOCKED,
	UNMOUNT_DENIED,
	UNMOUNT_HIDDEN,     /* no way leads below what covers it; or it is gone */
	UNMOUNT_BUSY,       /* what covers it is in use */
	UNMOUNT_UNANSWERED, /* a file system on the way did not answer */
	UNMOUNT_UNREACHED,  /* its mnt namespace cannot be opened */
	UNMOUNT_COVER_LOST, /* what covered it could not be put back */
	UNMOUNT_FAILED,     /* by another error, which number has */
};

/* What became of one mount. */
struct unmount_outcome {
	ino_t mnt_ns; /* 0: not known */
	uint64_t mount_id;
	enum unmount_result result;
	int number;         /* an errno value; 0: none */
	unsigned int round; /* the number of the attempt */
};

/* By mount, then by round. */
struct unmount_outcomes {
	struct unmount_outcome *outcomes;
	size_t count;
	size_t capacity;
};

/*
 * Unmounts all mounts of a namespace of the snapshot, those in the caller's mnt
 * namespace first: copies in others, locked ones too, go with them by
 * propagation.  Then scans again, as long as that finds new ones; snapshot and
 * ns are of the last scan, ns is SNAPSHOT_NONE if that no longer finds the
 * namespace.
 *
 * Each mount is opened in a helper that has entered its mnt namespace, and is
 * unmounted only if the open file is the namespace itself.  Its id is only a way
 * to find it: a mount that has the same id by now is a mount of the same
 * namespace, or stays.  Ends no process.
 *
 * outcomes: of each attempt at each mount, also after an error; freed by
 * unmount_outcomes_free().  Returns 0, or a negative errno with err.
 */
int unmount_holders(const struct scan_request *request, struct snapshot *snapshot, uint32_t *ns,
		    struct unmount_outcomes *outcomes, struct error *err);

/* Finds the outcome of the last attempt at a mount; NULL: none was made. */
const struct unmount_outcome *unmount_find_outcome(const struct unmount_outcomes *outcomes, ino_t mnt_ns,
						   uint64_t mount_id);

/* The reason, in words: RELEASE_LOCKED, for example.  NULL for UNMOUNT_DONE. */
const char *unmount_reason(enum unmount_result result);

void unmount_outcomes_free(struct unmount_outcomes *outcomes);
#define AUTO_UNMOUNT_OUTCOMES __attribute__((cleanup(unmount_outcomes_free)))

#endif
