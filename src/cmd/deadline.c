/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/deadline.h"

#include <errno.h>
#include <signal.h>

static int arm(struct deadline *deadline, time_t seconds)
{
	const struct itimerspec end = {.it_value.tv_sec = seconds};

	return timer_settime(deadline->timer, 0, &end, NULL) < 0 ? -errno : 0;
}

void deadline_set(struct deadline *deadline)
{
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGKILL};

	if (!deadline->has_timer)
		deadline->has_timer = timer_create(CLOCK_MONOTONIC, &event, &deadline->timer) == 0;
	if (deadline->has_timer)
		arm(deadline, DEADLINE_SECONDS);
}

int deadline_clear(struct deadline *deadline)
{
	return deadline->has_timer ? arm(deadline, 0) : 0;
}
