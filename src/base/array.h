/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arrays that grow. */
#ifndef NSCTL_BASE_ARRAY_H
#define NSCTL_BASE_ARRAY_H

#include <stddef.h>

/*
 * Makes room for one more item behind count items of size bytes each, in an
 * array from malloc(3) that has room for *capacity.  Returns the array, which
 * may have moved, or NULL without memory: the old one is still the caller's.
 */
void *array_reserve(void *items, size_t *capacity, size_t count, size_t size);

#endif
