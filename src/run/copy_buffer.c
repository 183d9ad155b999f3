/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run/copy_buffer.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <unistd.h>

bool copy_buffer_is_empty(const struct copy_buffer *buffer)
{
	return buffer->start == buffer->end;
}

ssize_t copy_buffer_fill(struct copy_buffer *buffer, int fd, size_t most)
{
	ssize_t count = read(fd, buffer->bytes, most < COPY_BUFFER_SIZE ? most : COPY_BUFFER_SIZE);

	buffer->start = 0;
	buffer->end = count > 0 ? (size_t)count : 0;
	return count;
}

bool copy_buffer_write(struct copy_buffer *buffer, int fd, size_t most)
{
	size_t count = buffer->end - buffer->start;
	ssize_t written = write(fd, buffer->bytes + buffer->start, count < most ? count : most);

	if (written > 0)
		buffer->start += (size_t)written;
	return written >= 0 || errno == EAGAIN || errno == EINTR;
}

/*
 * The caller's own descriptor must not become non-blocking: all who have it share that.
 * poll(2) promises room for PIPE_BUF bytes in a pipe, and for one in a terminal.  The
 * file at the end of another redirection never waits.
 */
struct copy_output copy_output_of_caller(int fd)
{
	struct copy_output output = {.fd = fd, .most = PIPE_BUF};
	char path[64];
	int opened;

	if (!isatty(fd))
		return output;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	opened = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (opened < 0)
		output.most = 1;
	else
		output = (struct copy_output){.fd = opened, .most = COPY_BUFFER_SIZE};
	return output;
}

void copy_output_close(struct copy_output *output)
{
	if (output->fd > STDERR_FILENO)
		close(output->fd);
	output->fd = -1;
}

/* Once somebody has killed the program. */
#define PATIENCE_AFTER_KILL_MSEC 1000

int copy_patience(bool was_killed)
{
	return was_killed ? PATIENCE_AFTER_KILL_MSEC : -1;
}

/* Takes the signals that are pending.  Returns whether one of them ends the copying. */
static bool is_interrupted(int signal_fd)
{
	struct signalfd_siginfo info;

	while (read(signal_fd, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo != SIGCHLD && info.ssi_signo != SIGCONT && info.ssi_signo != SIGWINCH)
			return true;
	}
	return false;
}

int copy_buffer_finish(struct copy_buffer *buffer, const struct copy_output *output, int signal_fd,
		       int patience_msec)
{
	while (!copy_buffer_is_empty(buffer)) {
		struct pollfd polled[] = {
		    {.fd = signal_fd, .events = POLLIN},
		    {.fd = output->fd, .events = POLLOUT},
		};
		int ready = poll(polled, 2, patience_msec);

		if (ready == 0 || (ready > 0 && polled[0].revents && is_interrupted(signal_fd)))
			return -ECANCELED;
		if (ready > 0 && polled[1].revents && !copy_buffer_write(buffer, output->fd, output->most))
			return -errno;
	}
	return 0;
}
