/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/program_status.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

#include "cmd/command.h"

static int end_by_signal(int signal)
{
	struct sigaction action = {.sa_handler = SIG_DFL};
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, signal);
	sigaction(signal, &action, NULL); /* fails for SIGKILL, which has no other action */
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(signal);
	return EXIT_NO;
}

int program_exit_status(int status, bool dies_alike)
{
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	return dies_alike ? end_by_signal(WTERMSIG(status)) : EXIT_SIGNAL_BASE + WTERMSIG(status);
}

int program_refused_status(int number)
{
	return number == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE;
}
