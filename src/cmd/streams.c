/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/streams.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/error.h"
#include "cmd/command.h"

/* O_PATH, so that a write still fails. */
void streams_occupy(void)
{
	int fd = open("/", O_PATH | O_CLOEXEC);

	while (fd >= 0 && fd <= STDERR_FILENO)
		fd = open("/", O_PATH | O_CLOEXEC);
	if (fd >= 0)
		close(fd);
}

/* Whether the caller closed standard output, or opened it for reading. */
static bool has_no_output(void)
{
	int flags = fcntl(STDOUT_FILENO, F_GETFL);

	return flags < 0 || flags & O_PATH || (flags & O_ACCMODE) == O_RDONLY;
}

int streams_finish(int status, const char *program, bool is_util_linux)
{
	struct error err;

	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	if (errno == EPIPE || (is_util_linux && has_no_output()))
		return status;
	error_set_errno(&err, errno, "cannot write the output");
	error_print(&err, program);
	return status ? status : EXIT_NO;
}
