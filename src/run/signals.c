/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run/signals.h"

#include <signal.h>

void signals_unblock(void)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}
