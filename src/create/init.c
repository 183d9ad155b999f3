/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "create/init.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "create/creation.h"

/* As shells report it: the first process of a pid namespace cannot end itself by a signal. */
#define STATUS_OF_SIGNAL 128

struct init {
	struct creation *creation;
	int (*become)(void *context);
	void *context;
};

static int become(void *context)
{
	const struct init *init = context;

	return init->become(init->context);
}

/* The program's process has its own copy, and closes it by executing the program. */
static void close_channel(void *context, pid_t child)
{
	const struct init *init = context;

	(void)child;
	if (init->creation->outside.channel >= 0)
		close(init->creation->outside.channel);
}

int init_run(struct creation *creation, int (*become_program)(void *context), void *context,
	     struct error *err)
{
	struct init init = {.creation = creation, .become = become_program, .context = context};
	const struct supervised program = {.become = become, .started = close_channel, .context = &init};
	struct supervisor supervisor = {.is_init = true, .alive_fd = -1, .held_fd = -1};
	pid_t child;
	int status = 0;
	int ret = supervisor_prepare(&supervisor, creation->argv, err);

	if (ret == 0)
		ret = supervisor_run(&supervisor, &program, &child, &status, err);
	if (ret < 0)
		return EXIT_FAILURE;
	return WIFEXITED(status) ? WEXITSTATUS(status) : STATUS_OF_SIGNAL + WTERMSIG(status);
}
