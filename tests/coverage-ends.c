/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Only in the build of `make coverage`, where these take the places of _exit(2), kill(2) and execvp(3). */
#include <gcov.h>
#include <signal.h> /* declares them: see meson.build */
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Writes the counts before. */
void exit_with_counts(int status)
{
	__gcov_dump();
	_Exit(status);
}

/* A helper whose work is done would end by itself: it gets the time to write its counts. */
int kill_with_counts(pid_t pid, int signal)
{
	siginfo_t ended = {0};

	for (int i = 0; signal == SIGKILL && ended.si_pid == 0 && i < 100; i++) {
		if (waitid(P_PID, (id_t)pid, &ended, WEXITED | WNOHANG | WNOWAIT) < 0)
			break;
		usleep(1000);
	}
	return (int)syscall(SYS_kill, pid, signal);
}

/* gcc's own way would end the counting of the parent, too, whose memory this process has (CLONE_VM). */
int execvp_with_counts(const char *file, char *const argv[])
{
	__gcov_dump();
	__gcov_reset();
	return execvpe(file, argv, environ);
}
