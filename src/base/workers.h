/* Threads that share a piece of work. */
#ifndef NSCTL_BASE_WORKERS_H
#define NSCTL_BASE_WORKERS_H

#include <stddef.h>

/*
 * How many threads are worth starting beside the caller's for so many items:
 * as many as there are other processors, but none for fewer items than it
 * takes to make up for one.
 */
size_t workers_choose(size_t items, size_t items_per_worker);

/*
 * Calls run in so many threads and in the caller's, and returns when all have
 * returned.  Where a thread cannot be had, the others do its work: run takes
 * what is left until there is none.
 */
void workers_run(size_t threads, void *(*run)(void *), void *context);

#endif
