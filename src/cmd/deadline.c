#include "cmd/deadline.h"

#include <errno.h>
#include <signal.h>

void deadline_set(struct deadline *deadline)
{
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGKILL};
	const struct itimerspec end = {.it_value.tv_sec = DEADLINE_SECONDS};

	deadline->is_set = timer_create(CLOCK_MONOTONIC, &event, &deadline->timer) == 0;
	if (deadline->is_set)
		timer_settime(deadline->timer, 0, &end, NULL);
}

int deadline_clear(struct deadline *deadline)
{
	if (deadline->is_set && timer_delete(deadline->timer) < 0)
		return -errno;
	deadline->is_set = false;
	return 0;
}
