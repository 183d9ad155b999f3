/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Spans of time, short. */
#ifndef NSCTL_TABLE_AGE_H
#define NSCTL_TABLE_AGE_H

#include <stddef.h>
#include <stdint.h>

/* "45s", "12m", "3h12m", "5d3h": the two largest units of a number of seconds. */
void age_format(uint64_t seconds, char *text, size_t size);

#endif
