/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "create/program.h"

#include <errno.h>
#include <unistd.h>

int program_wait_for_caller(const struct creation *creation, struct error *err)
{
	int fd = creation->request->wait_fd;
	char ignored[256];
	ssize_t got;

	if (fd < 0)
		return 0;
	do
		got = read(fd, ignored, sizeof(ignored));
	while (got > 0 || (got < 0 && errno == EINTR));
	if (got < 0)
		return error_set_errno(err, errno, "cannot wait for descriptor %d", fd);
	close(fd);
	return 0;
}

int program_execute(const struct creation *creation, bool *exec_failed, struct error *err)
{
	execvp(creation->path, creation->argv);
	*exec_failed = true;
	if (creation->request->as_unshare)
		return error_set_errno(err, errno, "failed to execute %.400s", creation->path);
	return error_set_errno(err, errno, "cannot execute '%.400s'", creation->path);
}
