/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "enter/standard_streams.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/bounded.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "enter/identity.h"
#include "enter/plan.h"
#include "run/pipes.h"

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
static int open_null(int root_fd, uint64_t resolve)
{
	AUTO_CLOSE int found = file_open_resolved(root_fd, "dev/null", O_PATH,
						  RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | resolve);
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

static int open_null_in_helper(void *context)
{
	const int *root_fd = context;

	return open_null(*root_fd, 0);
}

/* A file system of the container may not answer; what the kernel has cached takes no helper (Linux 5.12). */
static int open_null_inside(const struct plan *plan)
{
	AUTO_CLOSE int root_fd = directories_open_root(plan);
	int fd = root_fd < 0 ? -ENOENT : open_null(root_fd, RESOLVE_CACHED);

	if (root_fd < 0 || fd >= 0)
		return fd;
	return bounded_open(open_null_in_helper, &root_fd, &root_fd, 1, NULL);
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

/* Nobody waits for the program: it has no other streams than /dev/null. */
static int plan_detached(struct plan *plan, struct error *err)
{
	struct standard_streams *streams = &plan->streams;

	streams->null_fd = open_null_inside(plan);
	if (streams->null_fd < 0)
		return error_set_errno(err, -streams->null_fd, "cannot open /dev/null of process %d",
				       plan->process.pid);
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		streams->fds[fd] = streams->null_fd;
	return 0;
}

static int plan_empty_input(struct plan *plan, struct error *err)
{
	struct standard_streams *streams = &plan->streams;

	streams->null_fd = open_null_inside(plan);
	if (streams->null_fd < 0)
		streams->null_fd = open_empty();
	streams->fds[STDIN_FILENO] = streams->null_fd;
	return streams->null_fd < 0 ? error_set_errno(err, -streams->null_fd, "cannot make a pipe") : 0;
}

/* The program's user owns the pipes: else it could not open /dev/stdout anew.  It may be forbidden. */
static int give_pipes(const struct plan *plan, struct error *err)
{
	uint32_t owner = (uint32_t)-1;
	int ret = identity_find_outside(plan, "uid_map", plan->credentials.uid, &owner, err);

	if (ret < 0 || owner == (uint32_t)-1 || owner == geteuid())
		return ret;
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (pipes_program_end(plan->streams.pipes, fd) >= 0 &&
		    fchown(pipes_program_end(plan->streams.pipes, fd), owner, (gid_t)-1) < 0)
			return 0;
	}
	return 0;
}

int standard_streams_plan(const struct enter_request *request, struct plan *plan, struct error *err)
{
	struct standard_streams *streams = &plan->streams;

	if (plan->terminal.wanted)
		return 0; /* terminal_attach() sets them */
	if (request->detach)
		return plan_detached(plan, err);
	streams->pipes = pipes_make(request->keep_stdin, err);
	if (!streams->pipes)
		return -err->number;
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		streams->fds[fd] = pipes_program_end(streams->pipes, fd);
	if (give_pipes(plan, err) < 0)
		return -err->number;
	return request->keep_stdin ? 0 : plan_empty_input(plan, err);
}

void standard_streams_free(struct standard_streams *streams)
{
	cleanup_close(&streams->null_fd);
	pipes_free(streams->pipes);
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
