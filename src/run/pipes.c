/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run/pipes.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "run/copy_buffer.h"

#define STREAM_COUNT 3

struct channel {
	int from_fd; /* -1: closed */
	struct copy_output to;
	struct copy_buffer buffer;
};

struct pipes {
	int signal_fd;
	int program_ends[STREAM_COUNT]; /* -1: none, or closed; of one pipe for both outputs, the same */
	struct channel channels[STREAM_COUNT];
	bool in_background;
	int failed_fd; /* the first stream that could not be copied, */
	int reason;    /* and why: a positive errno; 0: none */
};

static bool is_same_file(int one, int other)
{
	struct stat first;
	struct stat second;

	return fstat(one, &first) == 0 && fstat(other, &second) == 0 && first.st_dev == second.st_dev &&
	       first.st_ino == second.st_ino && first.st_rdev == second.st_rdev;
}

/* Only the end that stays with nsctl must not block: each end has its own flags. */
static int make_pipe(int *program_end, int *own, bool to_program)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	*own = ends[to_program ? 1 : 0];
	*program_end = ends[to_program ? 0 : 1];
	return fcntl(*own, F_SETFL, O_NONBLOCK) < 0 ? -errno : 0;
}

static int make_output(struct pipes *pipes, int stream)
{
	struct channel *channel = &pipes->channels[stream];

	channel->to = copy_output_of_caller(stream);
	return make_pipe(&pipes->program_ends[stream], &channel->from_fd, false);
}

static int make_input(struct pipes *pipes)
{
	struct channel *channel = &pipes->channels[STDIN_FILENO];

	channel->from_fd = STDIN_FILENO;
	channel->to.most = COPY_BUFFER_SIZE;
	return make_pipe(&pipes->program_ends[STDIN_FILENO], &channel->to.fd, true);
}

static int make_all(struct pipes *pipes, bool with_input)
{
	int ret = with_input ? make_input(pipes) : 0;

	if (ret == 0)
		ret = make_output(pipes, STDOUT_FILENO);
	if (ret < 0)
		return ret;
	if (!is_same_file(STDOUT_FILENO, STDERR_FILENO))
		return make_output(pipes, STDERR_FILENO);
	pipes->program_ends[STDERR_FILENO] = pipes->program_ends[STDOUT_FILENO];
	return 0;
}

struct pipes *pipes_make(bool with_input, struct error *err)
{
	struct pipes *pipes = calloc(1, sizeof(*pipes));
	int ret = pipes ? 0 : -ENOMEM;

	for (int i = 0; pipes && i < STREAM_COUNT; i++) {
		pipes->program_ends[i] = -1;
		pipes->channels[i].from_fd = -1;
		pipes->channels[i].to.fd = -1;
	}
	if (pipes) {
		pipes->signal_fd = -1;
		ret = make_all(pipes, with_input);
	}
	if (ret == 0)
		return pipes;
	error_set_errno(err, -ret, "cannot make pipes for the standard streams");
	pipes_free(pipes);
	return NULL;
}

int pipes_program_end(const struct pipes *pipes, int fd)
{
	return pipes->program_ends[fd];
}

int pipes_start(struct pipes *pipes, const sigset_t *signals, struct error *err)
{
	pipes->signal_fd = signalfd(-1, signals, SFD_CLOEXEC | SFD_NONBLOCK);
	return pipes->signal_fd < 0 ? error_set_errno(err, errno, "cannot wait for signals") : 0;
}

void pipes_started(struct pipes *pipes)
{
	if (pipes->program_ends[STDERR_FILENO] == pipes->program_ends[STDOUT_FILENO])
		pipes->program_ends[STDERR_FILENO] = -1;
	for (int i = 0; i < STREAM_COUNT; i++) {
		cleanup_close(&pipes->program_ends[i]);
		pipes->program_ends[i] = -1;
	}
}

/* Closes nsctl's end of the pipe.  The caller's descriptor stays open. */
static void close_channel(struct pipes *pipes, int stream)
{
	struct channel *channel = &pipes->channels[stream];

	if (stream != STDIN_FILENO)
		cleanup_close(&channel->from_fd);
	channel->from_fd = -1;
	copy_output_close(&channel->to);
	channel->buffer.start = channel->buffer.end;
}

static void fail_channel(struct pipes *pipes, int stream, int reason)
{
	if (pipes->reason == 0) {
		pipes->failed_fd = stream;
		pipes->reason = reason;
	}
	close_channel(pipes, stream);
}

/* The write that failed with EPIPE sent it to this process, which would forward it. */
static void discard_sigpipe(void)
{
	const struct timespec now = {0};
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	sigtimedwait(&set, NULL, &now);
}

/* Without a reader the program, or its input, ends with the pipe: that is no error. */
static void handle_unwritable(struct pipes *pipes, int stream, int reason)
{
	if (reason == EPIPE) {
		discard_sigpipe();
		close_channel(pipes, stream);
	} else {
		fail_channel(pipes, stream, reason);
	}
}

static void write_channel(struct pipes *pipes, int stream)
{
	struct channel *channel = &pipes->channels[stream];

	if (!copy_buffer_write(&channel->buffer, channel->to.fd, channel->to.most))
		handle_unwritable(pipes, stream, errno);
}

/* EIO of a terminal: this process is in the background, or the terminal has hung up. */
static void handle_unreadable(struct pipes *pipes, int stream, int reason)
{
	struct stat st;
	bool is_device = reason == EIO && fstat(STDIN_FILENO, &st) == 0 && S_ISCHR(st.st_mode);

	if (reason == EAGAIN || reason == EINTR)
		return;
	if (stream == STDIN_FILENO && is_device && isatty(STDIN_FILENO))
		pipes->in_background = true;
	else if (stream == STDIN_FILENO && is_device)
		close_channel(pipes, stream);
	else
		fail_channel(pipes, stream, reason);
}

static void read_channel(struct pipes *pipes, int stream)
{
	struct channel *channel = &pipes->channels[stream];
	ssize_t count = copy_buffer_fill(&channel->buffer, channel->from_fd, COPY_BUFFER_SIZE);

	if (count == 0)
		close_channel(pipes, stream);
	else if (count < 0)
		handle_unreadable(pipes, stream, errno);
}

enum { AT_SIGNALS, AT_CHANNELS, AT_COUNT = AT_CHANNELS + 2 * STREAM_COUNT };

/* Reads into an empty buffer only.  An end that is not used is watched for its error. */
static void prepare_poll(const struct pipes *pipes, struct pollfd *polled)
{
	polled[AT_SIGNALS] = (struct pollfd){.fd = pipes->signal_fd, .events = POLLIN};
	for (int i = 0; i < STREAM_COUNT; i++) {
		const struct channel *channel = &pipes->channels[i];
		struct pollfd *from = &polled[AT_CHANNELS + 2 * i];
		bool is_empty = copy_buffer_is_empty(&channel->buffer);
		bool waits = i == STDIN_FILENO && pipes->in_background;

		from[0] = (struct pollfd){.fd = is_empty && !waits ? channel->from_fd : -1, .events = POLLIN};
		from[1] = (struct pollfd){.fd = channel->to.fd, .events = is_empty ? 0 : POLLOUT};
	}
}

static void copy_channel(struct pipes *pipes, int stream, const struct pollfd *polled)
{
	if (polled[1].revents & (POLLERR | POLLHUP | POLLNVAL))
		close_channel(pipes, stream);
	else if (polled[1].revents & POLLOUT)
		write_channel(pipes, stream);
	else if (polled[0].revents)
		read_channel(pipes, stream);
}

/* In ms for poll(2), -1: for ever.  Returns false at the limit. */
static bool find_timeout(const struct pipes *pipes, const struct time_limit *limit, int *msec)
{
	*msec = pipes->in_background ? COPY_BACKGROUND_MSEC : -1;
	return time_limit_shorten(limit, msec);
}

bool pipes_until_signal(struct pipes *pipes, const struct time_limit *limit)
{
	struct pollfd polled[AT_COUNT];
	int msec;

	while (find_timeout(pipes, limit, &msec)) {
		prepare_poll(pipes, polled);
		pipes->in_background = false;
		/* Signals that cannot be blocked, SIGSTOP and SIGCONT, interrupt it. */
		if (poll(polled, AT_COUNT, msec) < 0)
			continue;
		if (polled[AT_SIGNALS].revents)
			return true;
		for (int i = 0; i < STREAM_COUNT; i++)
			copy_channel(pipes, i, &polled[AT_CHANNELS + 2 * i]);
	}
	return false;
}

/* Writes the buffer of an output.  Returns false where that ends before. */
static bool finish_buffer(struct pipes *pipes, int stream, int patience_msec)
{
	struct channel *channel = &pipes->channels[stream];
	int ret = copy_buffer_finish(&channel->buffer, &channel->to, pipes->signal_fd, patience_msec);

	if (ret < 0 && ret != -ECANCELED)
		handle_unwritable(pipes, stream, -ret);
	return ret == 0;
}

/* No more than what is in the pipe now: others may write to it for ever. */
static void finish_output(struct pipes *pipes, int stream, int patience_msec)
{
	struct channel *channel = &pipes->channels[stream];
	int left = 0;

	if (channel->from_fd < 0 || ioctl(channel->from_fd, FIONREAD, &left) < 0)
		return;
	while (finish_buffer(pipes, stream, patience_msec) && left > 0) {
		ssize_t count = copy_buffer_fill(&channel->buffer, channel->from_fd, (size_t)left);

		if (count <= 0)
			return;
		left -= (int)count;
	}
}

int pipes_finish(struct pipes *pipes, bool was_killed, struct error *err)
{
	static const char *const what[] = {"read standard input", "write standard output",
					   "write standard error"};

	for (int i = STDOUT_FILENO; i < STREAM_COUNT; i++)
		finish_output(pipes, i, copy_patience(was_killed));
	if (pipes->reason == 0)
		return 0;
	return error_set_errno(err, pipes->reason, "cannot %s", what[pipes->failed_fd]);
}

void pipes_free(struct pipes *pipes)
{
	if (!pipes)
		return;
	pipes_started(pipes);
	for (int i = 0; i < STREAM_COUNT; i++)
		close_channel(pipes, i);
	cleanup_close(&pipes->signal_fd);
	free(pipes);
}
