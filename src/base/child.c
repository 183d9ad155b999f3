/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/child.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

int child_wait(pid_t pid, int *status)
{
	while (waitpid(pid, status, 0) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	return 0;
}

void child_keep_status(struct sigaction *before)
{
	const struct sigaction standard = {.sa_handler = SIG_DFL};

	sigaction(SIGCHLD, &standard, before);
}

void child_restore_action(const struct sigaction *before)
{
	sigaction(SIGCHLD, before, NULL);
}

static int fork_and_wait(int (*work)(void *context), void *context)
{
	pid_t child = fork();
	int status;
	int ret;

	if (child < 0)
		return -errno;
	if (child == 0)
		_exit(work(context));
	ret = child_wait(child, &status);
	if (ret < 0)
		return ret;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -EIO;
}

int child_run(int (*work)(void *context), void *context)
{
	struct sigaction before;
	int ret;

	child_keep_status(&before);
	ret = fork_and_wait(work, context);
	child_restore_action(&before);
	return ret;
}
