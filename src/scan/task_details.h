/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The details of one task, as a helper of scan/details.c reads them.  Only scan/ uses it. */
#ifndef NSCTL_SCAN_TASK_DETAILS_H
#define NSCTL_SCAN_TASK_DETAILS_H

#include "proc/process.h"
#include "proc/status.h"
#include "snapshot/details.h"
#include "snapshot/snapshot.h"

/* Texts that are read of the task itself, and not looked up afterwards. */
#define READ_TEXTS 2
_Static_assert(TEXT_CGROUP + 1 == READ_TEXTS, "the texts that are read come first");

/* The answer of a helper for a task. */
struct stored_details {
	struct task_details details;
	bool has_text[DETAIL_TEXT_COUNT];
	size_t length; /* bytes used in texts: in the order of enum detail_text, each with its NUL */
	char texts[READ_TEXTS * COMMAND_SIZE];
};

/* Reads all but the texts, as far as the scan does not have it.  Nothing of this blocks.  Returns 0, -ESRCH
 * or -ENOMEM. */
int task_details_read(const struct snapshot *snapshot, uint32_t task, const struct process *process,
		      unsigned int wanted, struct task_details *details);

/* Reads the texts.  This may block. */
void task_details_read_texts(const struct process *process, unsigned int wanted,
			     struct stored_details *stored);

/*
 * For a task that blocks: reads what needs none of its locks.  Whether it still
 * is the same task cannot be checked that way.
 */
void task_details_read_unblocked(const struct snapshot *snapshot, uint32_t task,
				 const struct process *process, struct stored_details *stored);

/* Copies what a helper stored.  Returns 0 or -ENOMEM; details is to be freed in any case. */
int task_details_unpack(const struct stored_details *stored, struct task_details *details);

#endif
