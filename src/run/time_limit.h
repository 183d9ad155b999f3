/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A deadline, and the signal that is sent when it passes. */
#ifndef NSCTL_RUN_TIME_LIMIT_H
#define NSCTL_RUN_TIME_LIMIT_H

#include <stdbool.h>
#include <time.h>

struct time_limit {
	bool is_set;
	struct timespec end; /* CLOCK_MONOTONIC */
	int signal;          /* that is sent then */
};

/* In so many seconds; 0: never. */
struct time_limit time_limit_in(unsigned int seconds, int signal);

/* Stores the time that is left; false where there is none. */
bool time_limit_left(const struct time_limit *limit, struct timespec *left);

/*
 * Shortens a timeout of poll(2), in ms, so that the limit is noticed; -1: for ever.
 * Returns false where no time is left.
 */
bool time_limit_shorten(const struct time_limit *limit, int *msec);

#endif
