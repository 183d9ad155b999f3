/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts what could not be read because it blocked, in a scan and afterwards. */
#ifndef NSCTL_SNAPSHOT_UNANSWERED_H
#define NSCTL_SNAPSHOT_UNANSWERED_H

#include <stddef.h>

#include "base/bounded.h"

enum unanswered_kind {
	UNANSWERED_PROCESS, /* processes about which nothing could be read */
	UNANSWERED_FILES,   /* processes whose open files could not be looked at */
	UNANSWERED_COMMAND, /* command lines */
	UNANSWERED_MOUNTS,  /* mnt namespaces whose mounts could not be read */
	UNANSWERED_NS,      /* namespaces that could not be opened */
	UNANSWERED_USER,    /* user names, from a passwd file of a container */
	UNANSWERED_COUNT,
};

/*
 * Each snapshot has one, which stays mutable when the snapshot no longer is.  Its
 * patience bounds all reads together.  All functions take NULL, for a snapshot that
 * was not scanned: nothing is counted.
 */
struct unanswered {
	struct patience patience;
	size_t counts[UNANSWERED_COUNT];
};

/* Returns NULL without memory; the caller frees it by free(3). */
struct unanswered *unanswered_new(void);

struct patience *unanswered_patience(struct unanswered *unanswered);

/*
 * Runs the job with that patience, and counts the items without an answer; all of
 * them, if it could not be run.  Returns what bounded_run() returns.
 */
long unanswered_run(struct unanswered *unanswered, enum unanswered_kind kind, const struct bounded_job *job,
		    struct bounded *answers);

void unanswered_add(struct unanswered *unanswered, enum unanswered_kind kind, size_t count);

/*
 * Writes "no answer in time: 3 command lines, the files of 1 process".  Returns
 * false, and an empty text, where everything was answered.
 */
bool unanswered_describe(const struct unanswered *unanswered, char *text, size_t size);

#endif
