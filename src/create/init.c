/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "create/init.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* As shells report it: the first process of a pid namespace cannot end itself by a signal. */
#define STATUS_OF_SIGNAL 128

struct init {
	const struct supervised *program;
	int left[2]; /* a pipe: its end says that the first process has left everything behind */
};

/*
 * Nothing that nsctl has open is to be found in the first process of a container
 * (CVE-2024-21626).  The program's process has copies, which close as it executes
 * the program.
 */
static void leave_behind(void *context, pid_t child)
{
	const struct init *init = context;

	init->program->started(init->program->context, child);
	/* Before Linux 5.9 all but the pipe stay open. */
	syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, 0);
	close(init->left[1]);
}

static int become_program(void *context)
{
	const struct init *init = context;
	char byte;

	close(init->left[1]);
	while (read(init->left[0], &byte, 1) < 0 && errno == EINTR)
		;
	return init->program->become(init->program->context);
}

int init_run(const struct creation *creation, const struct supervised *program, int *status,
	     struct error *err)
{
	struct init init = {.program = program};
	const struct supervised supervised = {
	    .become = become_program, .started = leave_behind, .context = &init};
	struct supervisor supervisor = SUPERVISOR_NONE;
	pid_t child;
	int ended = 0;
	int ret;

	if (pipe2(init.left, O_CLOEXEC) < 0)
		return error_set_errno(err, errno, "cannot make a pipe to the program's process");
	supervisor.is_init = true;
	supervisor.copies_memory = true;
	ret = supervisor_prepare(&supervisor, creation->argv, err);
	if (ret == 0)
		ret = supervisor_run(&supervisor, &supervised, &child, &ended, err);
	if (ret < 0)
		return ret;
	*status = WIFEXITED(ended) ? WEXITSTATUS(ended) : STATUS_OF_SIGNAL + WTERMSIG(ended);
	return 0;
}
