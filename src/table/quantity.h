/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Amounts of resources as people read them.  size bytes of text: 32 are enough for all. */
#ifndef NSCTL_TABLE_QUANTITY_H
#define NSCTL_TABLE_QUANTITY_H

#include <stddef.h>
#include <stdint.h>

/* "12.5M": at most four digits, and a power of 1024. */
void quantity_format_bytes(uint64_t bytes, char *text, size_t size);

/* "250": all digits. */
void quantity_format_count(uint64_t count, char *text, size_t size);

/* Thousandths of a processor, as processors: "0.5", "2". */
void quantity_format_processors(uint64_t thousandths, char *text, size_t size);

/* Microseconds: "11ms", "2.5s", then as age_format(). */
void quantity_format_usec(uint64_t usec, char *text, size_t size);

#endif
