/* How many processes share a piece of work. */
#ifndef NSCTL_BASE_WORKERS_H
#define NSCTL_BASE_WORKERS_H

#include <stddef.h>

/*
 * Returns how many workers to start beside the first for so many items: as many
 * as there are other processors, but none for fewer items than make up for the
 * start of one.
 */
size_t workers_choose(size_t items, size_t items_per_worker);

#endif
