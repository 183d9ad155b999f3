/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ns/trial.h"

#include <errno.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

int ns_try_create(ns_type_set types)
{
	pid_t child = fork();
	int status;

	if (child < 0)
		return -errno;
	if (child == 0)
		_exit(unshare(ns_type_set_clone_flags(types)) < 0 ? errno : 0);
	while (waitpid(child, &status, 0) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -EIO;
}

int ns_try_create_inside(ns_type_set types)
{
	return ns_try_create(types | 1U << NS_USER);
}
