/* Reading what a BPF iterator tells. */
#ifndef NSCTL_SCAN_RECORDS_H
#define NSCTL_SCAN_RECORDS_H

#include <stddef.h>
#include <stdint.h>

/*
 * Takes one record of this kind (enum record_kind), which is whole.  Returns
 * the size of it, or a negative errno, which ends the reading; -EPROTO for a
 * kind that it does not know.
 */
typedef long record_fn(uint32_t kind, const void *record, size_t available, void *context);

/* Reads an iterator to its end.  Returns 0 or a negative errno. */
int records_read(int iterator_fd, record_fn *take, void *context);

#endif
