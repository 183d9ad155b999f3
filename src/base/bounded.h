/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Work that a hostile process could block forever, done by helper processes that can be abandoned. */
#ifndef NSCTL_BASE_BOUNDED_H
#define NSCTL_BASE_BOUNDED_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * Some system calls wait for another process: read(2) of /proc/PID/cmdline
 * for its mmap_lock, pidfd_getfd(2) for its exec_update_lock, a path lookup
 * for the server of a FUSE file system, which not even SIGKILL interrupts.  A
 * thread that is blocked there keeps its process from exiting; a child does not.
 */

/*
 * How long all helpers may be blocked at once, in all runs that share it.  Time
 * in which a helper computes, or waits for a processor, does not count.
 */
struct patience {
	unsigned int msec; /* left */
};

#define PATIENCE_MSEC 750

#define PATIENCE ((struct patience){.msec = PATIENCE_MSEC})

/* status of an item that was not finished in time, or whose helper died */
#define BOUNDED_NO_ANSWER 1

struct bounded_reply; /* where a helper stores the answer to one item */

/*
 * Works on one item, in a helper: a copy of the caller in which only the
 * descriptors in keep are open, with / as working directory and every signal
 * at its default.  What it changes in memory is lost.  Returns 0 or a negative
 * errno, which becomes the status of the item.
 */
typedef int bounded_fn(size_t item, struct bounded_reply *reply, void *context);

/*
 * Room for the data of the answer, aligned as a uint64_t: once for each item.
 * NULL where it is more than the job's limit, or there is no room left.
 */
void *bounded_reserve(struct bounded_reply *reply, size_t size);

/* The same, and copies the data to there.  False where there is no room. */
bool bounded_store(struct bounded_reply *reply, const void *data, size_t size);

struct bounded_job {
	size_t count; /* of items */
	size_t limit; /* bytes that one item may store */
	size_t room;  /* bytes that all may store; 0: as many as the limit allows */
	/* How many are worth the start of another helper, for each processor one; at least 1. */
	size_t items_per_helper;
	bounded_fn *work;
	void *context;
	const int *keep; /* descriptors that the helpers need, at most BOUNDED_KEEP_MAX */
	size_t keep_count;
};

#define BOUNDED_KEEP_MAX 4

/* The answers to a job; freed by bounded_free().  All zero is none. */
struct bounded {
	struct bounded_shared *shared;
	size_t count;
	size_t size; /* of the mapping */
};

/*
 * Works on all items of a job.  The caller must have no other thread.
 * patience: shared with other runs, and used up; NULL: of its own.  Helpers
 * that are still blocked at the end are killed, and not waited for.  Returns
 * how many items have no answer, or a negative errno where no item has one.
 */
long bounded_run(const struct bounded_job *job, struct patience *patience, struct bounded *answers);

/* The value that the work returned for the item, or BOUNDED_NO_ANSWER. */
int bounded_status(const struct bounded *answers, size_t item);

/* The data stored for the item, aligned as a uint64_t and valid until bounded_free(); NULL: nothing. */
const void *bounded_data(const struct bounded *answers, size_t item, size_t *size);

void bounded_free(struct bounded *answers);
#define AUTO_BOUNDED __attribute__((cleanup(bounded_free)))

/* Opens one thing, in a helper.  Returns a descriptor or a negative errno. */
typedef int bounded_open_fn(void *context);

/*
 * Returns what open_it opened in a helper, as a descriptor of the caller
 * (O_CLOEXEC), or a negative errno; -ETIMEDOUT where it did not answer.
 * Closing a file of a FUSE file system can block as well: open_it must return
 * nothing that may be one.
 */
int bounded_open(bounded_open_fn *open_it, void *context, const int *keep, size_t keep_count,
		 struct patience *patience);

/*
 * file_load_at() in a helper: reads the file name below dir_fd, up to limit
 * bytes, into memory that the caller frees, with a NUL behind the last byte.
 * Returns the length, or a negative errno; -EFBIG where it is longer, -ETIMEDOUT
 * where it does not answer.  For /proc/PID/environ and the like.
 */
ssize_t bounded_load_at(int dir_fd, const char *name, size_t limit, char **contents,
			struct patience *patience);

#endif
