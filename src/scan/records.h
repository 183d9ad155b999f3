/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading the records of a BPF iterator. */
#ifndef NSCTL_SCAN_RECORDS_H
#define NSCTL_SCAN_RECORDS_H

#include <stddef.h>
#include <stdint.h>

/*
 * Takes one complete record of a kind (enum record_kind).  Returns its size, or a
 * negative errno, which ends the reading: -EPROTO for an unknown kind.
 */
typedef long record_fn(uint32_t kind, const void *record, size_t available, void *context);

/* Reads an iterator to its end.  Returns 0 or a negative errno. */
int records_read(int iterator_fd, record_fn *take, void *context);

#endif
