/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run/signals.h"

#include <signal.h>

void signals_unblock(void)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

void signals_reset(void)
{
	struct sigaction action = {.sa_handler = SIG_DFL};

	/* Not of SIGKILL, SIGSTOP and those that the C library keeps for itself: EINVAL. */
	for (int signal = 1; signal < NSIG; signal++)
		sigaction(signal, &action, NULL);
	signals_unblock();
}
