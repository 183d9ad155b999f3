/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "keep/lock.h"

#include <errno.h>
#include <sys/file.h>
#include <time.h>

/* 5 seconds. */
#define LOCK_TRIES 2500
#define LOCK_PAUSE_NSEC 2000000

bool lock_try(int fd)
{
	return flock(fd, LOCK_EX | LOCK_NB) == 0;
}

int lock_wait(int fd)
{
	const struct timespec pause = {.tv_nsec = LOCK_PAUSE_NSEC};

	for (int i = 0; i < LOCK_TRIES; i++) {
		if (lock_try(fd))
			return 0;
		if (errno != EWOULDBLOCK)
			return -errno;
		nanosleep(&pause, NULL);
	}
	return -ETIMEDOUT;
}
