/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The findings of one process: stored in a helper, and emitted from there to the sink. */
#ifndef NSCTL_SCAN_PROCFS_FOUND_H
#define NSCTL_SCAN_PROCFS_FOUND_H

#include "base/bounded.h"
#include "scan/procfs_task.h"
#include "snapshot/sink.h"

/* The head of the findings of one process; its tasks and then its files follow. */
struct found_process {
	uint32_t task_count;
	uint32_t file_count;
	pid_t shares; /* see struct files */
	bool is_there;
	bool is_denied;
};

/* The state of one scan.  All zero but for the first two at first. */
struct procfs_emitter {
	const struct scan_request *request;
	const struct sink *sink;
	struct sink_set set; /* the last one that was emitted, if has_set */
	uint32_t set_number;
	bool has_set;
	size_t process_count;
	size_t vanished; /* processes that ended before they were read */
};

/* In a helper: stores what was read of the last process.  Returns 0, or -ENOBUFS without room. */
int procfs_store(const struct procfs_reader *reader, struct bounded_reply *reply);

/* Emits the tasks and files of a process, and counts it.  Returns 0 or what the sink returned. */
int procfs_emit_process(struct procfs_emitter *emitter, const struct found_process *found);

/*
 * Emits the files of a process.  sharing: the number of other processes that
 * share its table: then the files are only counted, as often; 0: none.
 * Returns 0 or what the sink returned.
 */
int procfs_emit_files(const struct sink *sink, const struct found_process *found, uint32_t sharing);

#endif
