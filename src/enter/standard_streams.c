/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "enter/standard_streams.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "enter/plan.h"

/* See null(4). */
static bool is_null(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 3);
}

/*
 * Opens /dev/null of the container.  Anything can be there: it is looked at before it
 * is opened, and opened through the caller's /proc.
 */
static int open_null(const struct plan *plan)
{
	AUTO_CLOSE int root = directories_open_root(plan);
	AUTO_CLOSE int found = root < 0 ? -ENOENT : file_open_in_root(root, "dev/null");
	char path[64];
	int fd;

	if (found < 0)
		return found;
	if (!is_null(found))
		return -ENODEV;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", found);
	fd = open(path, O_RDWR | O_CLOEXEC | O_NOCTTY);
	return fd < 0 ? -errno : fd;
}

static bool is_replaced(const struct enter_request *request, int fd)
{
	return request->detach || (fd == STDIN_FILENO && !request->keep_stdin) || is_null(fd);
}

/* An input without anything in it: a pipe that nobody writes to. */
static int open_empty(void)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	close(ends[1]);
	return ends[0];
}

/* A caller that may not open its terminal, as after su(1), passes it on as it is. */
static void restrict_outputs(const struct enter_request *request, struct standard_streams *streams)
{
	for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++) {
		char path[64];

		if (is_replaced(request, fd) || !isatty(fd))
			continue;
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		streams->outputs[fd] = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
		streams->fds[fd] = streams->outputs[fd];
	}
}

int standard_streams_plan(const struct enter_request *request, struct plan *plan, struct error *err)
{
	struct standard_streams *streams = &plan->streams;
	bool needs_null = false;

	if (plan->terminal.wanted)
		return 0; /* terminal_attach() sets them */
	restrict_outputs(request, streams);
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		needs_null |= is_replaced(request, fd);
	if (!needs_null)
		return 0;
	streams->held_fd = open_null(plan);
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (!is_replaced(request, fd))
			continue;
		if (streams->held_fd < 0 && fd != STDIN_FILENO)
			return error_set_errno(err, -streams->held_fd, "cannot open /dev/null of process %d",
					       plan->process.pid);
		streams->fds[fd] = streams->held_fd;
	}
	if (streams->held_fd >= 0)
		return 0;
	streams->held_fd = open_empty();
	streams->fds[STDIN_FILENO] = streams->held_fd;
	return streams->held_fd < 0 ? error_set_errno(err, -streams->held_fd, "cannot make a pipe") : 0;
}

void standard_streams_free(struct standard_streams *streams)
{
	cleanup_close(&streams->held_fd);
	for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++)
		cleanup_close(&streams->outputs[fd]);
	*streams = STANDARD_STREAMS_NONE;
}

int standard_streams_apply(const struct plan *plan, struct error *err)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (plan->streams.fds[fd] >= 0 && dup2(plan->streams.fds[fd], fd) < 0)
			return error_set_errno(err, errno, "cannot replace descriptor %d", fd);
	}
	return 0;
}
