/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory that the caller of bounded_run() and its helpers share; only bounded*.c use it. */
#ifndef NSCTL_BASE_BOUNDED_SHARED_H
#define NSCTL_BASE_BOUNDED_SHARED_H

#include <stdatomic.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/bounded.h"

#define BOUNDED_HELPERS 64 /* at once */
#define BOUNDED_NO_ITEM SIZE_MAX

enum slot_state { SLOT_OPEN, SLOT_DONE, SLOT_SEALED };

/* The answer to one item.  A helper that was abandoned may still answer: a sealed slot stays sealed. */
struct slot {
	_Atomic uint32_t state;
	int32_t status;
	uint32_t offset; /* in the arena, in units of BOUNDED_UNIT */
	uint32_t size;   /* 0: nothing was stored */
};

#define BOUNDED_UNIT sizeof(uint64_t)

/* The report of a helper about itself. */
struct helper_state {
	atomic_int number;  /* its PID in the mounted /proc; 0: not read yet; -1: it has none there */
	atomic_size_t item; /* that it works on, or BOUNDED_NO_ITEM */
};

/* One mapping: this, the slots, and the arena.  Pages that nobody writes to take no memory. */
struct bounded_shared {
	atomic_size_t next;
	atomic_size_t unfinished;
	_Atomic uint32_t is_finished; /* a futex */
	atomic_size_t arena_used;     /* in units */
	size_t arena_size;            /* likewise */
	size_t arena_start;           /* bytes from here */
	struct helper_state helpers[BOUNDED_HELPERS];
	struct slot slots[];
};

static inline size_t bounded_units(size_t size)
{
	return (size + BOUNDED_UNIT - 1) / BOUNDED_UNIT;
}

static inline char *bounded_arena_at(struct bounded_shared *shared, size_t offset)
{
	return (char *)shared + shared->arena_start + offset * BOUNDED_UNIT;
}

/* Makes room for the answers to a job; freed by bounded_free().  Returns 0 or a negative errno. */
int bounded_map(const struct bounded_job *job, struct bounded *answers);

/* Counts one item as finished; the last one wakes the caller. */
void bounded_finish_item(struct bounded_shared *shared);

/* The life of a helper, in its own process.  parent: the caller's PID. */
_Noreturn void bounded_help(const struct bounded_job *job, struct bounded_shared *shared,
			    struct helper_state *state, pid_t parent);

#endif
