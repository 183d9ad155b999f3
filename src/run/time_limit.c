/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run/time_limit.h"

#define NSEC_PER_SEC 1000000000L

struct time_limit time_limit_in(unsigned int seconds, int signal)
{
	struct time_limit limit = {.is_set = seconds > 0, .signal = signal};

	clock_gettime(CLOCK_MONOTONIC, &limit.end);
	limit.end.tv_sec += seconds;
	return limit;
}

bool time_limit_left(const struct time_limit *limit, struct timespec *left)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	left->tv_sec = limit->end.tv_sec - now.tv_sec;
	left->tv_nsec = limit->end.tv_nsec - now.tv_nsec;
	if (left->tv_nsec < 0) {
		left->tv_nsec += NSEC_PER_SEC;
		left->tv_sec--;
	}
	return left->tv_sec >= 0;
}

bool time_limit_shorten(const struct time_limit *limit, int *msec)
{
	struct timespec left;

	if (!limit->is_set)
		return true;
	if (!time_limit_left(limit, &left))
		return false;
	if (left.tv_sec == 0)
		*msec = (int)(left.tv_nsec / 1000000) + 1;
	else if (*msec < 0)
		*msec = 1000;
	return true;
}
