/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run/relay.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "run/caller_terminal.h"
#include "run/copy_buffer.h"

/* More than the kernel keeps of what was written to a pseudo-terminal (drivers/tty/pty.c). */
#define REMAINDER_SIZE ((size_t)64 << 10)

struct relay {
	int master_fd; /* -1: it has hung up */
	int signal_fd;
	int ahead_fd; /* the caller's terminal, non-blocking; -1: it cannot be opened anew */
	struct copy_output output;
	struct caller_terminal terminal;
	struct copy_buffer to_program;
	struct copy_buffer to_caller;
};

enum { AT_SIGNALS, AT_CALLER_IN, AT_CALLER_OUT, AT_PROGRAM, AT_COUNT };

#define HANG_UP (POLLHUP | POLLERR | POLLNVAL)

struct relay *relay_make(int master_fd, struct error *err)
{
	struct relay *relay = calloc(1, sizeof(*relay));

	if (!relay) {
		error_set_errno(err, ENOMEM, "cannot copy from a pseudo-terminal");
		return NULL;
	}
	relay->master_fd = master_fd;
	relay->signal_fd = -1;
	relay->terminal.fd = STDIN_FILENO;
	relay->ahead_fd = open("/proc/self/fd/0", O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	relay->output = copy_output_of_caller(STDOUT_FILENO);
	return relay;
}

/*
 * Reads the lines that were typed before the program runs.  The kernel keeps ^D among
 * them as a mark, which would become a NUL once the terminal is raw (n_tty.c).
 */
static void read_typed_ahead(struct relay *relay)
{
	struct copy_buffer *buffer = &relay->to_program;
	struct termios modes;

	if (relay->ahead_fd < 0 || tcgetattr(relay->ahead_fd, &modes) < 0 || !(modes.c_lflag & ICANON))
		return;
	while (buffer->end < COPY_BUFFER_SIZE) {
		ssize_t count =
		    read(relay->ahead_fd, buffer->bytes + buffer->end, COPY_BUFFER_SIZE - buffer->end);

		if (count < 0)
			return;
		if (count == 0)
			buffer->bytes[buffer->end] = (char)modes.c_cc[VEOF];
		buffer->end += count == 0 ? 1 : (size_t)count;
	}
}

int relay_start(struct relay *relay, const sigset_t *signals, struct error *err)
{
	int ret;

	relay->signal_fd = signalfd(-1, signals, SFD_CLOEXEC | SFD_NONBLOCK);
	if (relay->signal_fd < 0)
		return error_set_errno(err, errno, "cannot wait for signals");
	read_typed_ahead(relay);
	ret = caller_terminal_take(&relay->terminal);
	return ret < 0 ? error_set_errno(err, -ret, "cannot change the modes of the terminal") : 0;
}

/* Closing it sends SIGHUP to the program, which leads the session. */
static void hang_up(struct relay *relay)
{
	cleanup_close(&relay->master_fd);
	relay->master_fd = -1;
}

static void read_caller(struct relay *relay)
{
	if (copy_buffer_fill(&relay->to_program, relay->terminal.fd, COPY_BUFFER_SIZE) < 0 && errno == EIO)
		relay->terminal.is_raw = false; /* in the background */
}

static void copy(struct relay *relay, const struct pollfd *polled)
{
	bool hangs_up = (polled[AT_CALLER_IN].revents | polled[AT_CALLER_OUT].revents) & HANG_UP;

	if (polled[AT_PROGRAM].revents & POLLIN)
		copy_buffer_fill(&relay->to_caller, relay->master_fd, COPY_BUFFER_SIZE);
	else if (polled[AT_PROGRAM].revents & HANG_UP)
		hangs_up = true;
	if (!hangs_up && polled[AT_PROGRAM].revents & POLLOUT)
		hangs_up = !copy_buffer_write(&relay->to_program, relay->master_fd, COPY_BUFFER_SIZE);
	if (!hangs_up && polled[AT_CALLER_IN].revents & POLLIN)
		read_caller(relay);
	if (!hangs_up && polled[AT_CALLER_OUT].revents & POLLOUT)
		hangs_up = !copy_buffer_write(&relay->to_caller, relay->output.fd, relay->output.most);
	if (hangs_up)
		hang_up(relay);
}

/* Without a pseudo-terminal only signals are waited for. */
static void prepare_poll(const struct relay *relay, struct pollfd *polled)
{
	bool is_open = relay->master_fd >= 0;
	bool reads = relay->terminal.is_raw && copy_buffer_is_empty(&relay->to_program);

	polled[AT_SIGNALS] = (struct pollfd){.fd = relay->signal_fd, .events = POLLIN};
	polled[AT_CALLER_IN] = (struct pollfd){.fd = is_open ? relay->terminal.fd : -1};
	polled[AT_CALLER_OUT] = (struct pollfd){.fd = is_open ? relay->output.fd : -1};
	polled[AT_PROGRAM] = (struct pollfd){.fd = relay->master_fd};
	if (reads)
		polled[AT_CALLER_IN].events = POLLIN;
	if (copy_buffer_is_empty(&relay->to_caller))
		polled[AT_PROGRAM].events |= POLLIN;
	else
		polled[AT_CALLER_OUT].events = POLLOUT;
	if (!copy_buffer_is_empty(&relay->to_program))
		polled[AT_PROGRAM].events |= POLLOUT;
}

/* In ms for poll(2), -1: for ever.  Returns false at the limit. */
static bool find_timeout(const struct relay *relay, const struct time_limit *limit, int *msec)
{
	*msec = relay->terminal.is_raw || relay->master_fd < 0 ? -1 : COPY_BACKGROUND_MSEC;
	return time_limit_shorten(limit, msec);
}

bool relay_until_signal(struct relay *relay, const struct time_limit *limit)
{
	struct pollfd polled[AT_COUNT];
	int msec;

	while (find_timeout(relay, limit, &msec)) {
		prepare_poll(relay, polled);
		/* Signals that cannot be blocked, SIGSTOP and SIGCONT, interrupt it. */
		if (poll(polled, AT_COUNT, msec) < 0)
			continue;
		if (polled[AT_SIGNALS].revents)
			return true;
		if (relay->master_fd >= 0)
			copy(relay, polled);
		if (relay->master_fd >= 0 && !relay->terminal.is_raw)
			relay_resume(relay);
	}
	return false;
}

void relay_resize(const struct relay *relay)
{
	struct winsize size;

	if (relay->master_fd >= 0 && ioctl(relay->terminal.fd, TIOCGWINSZ, &size) == 0)
		ioctl(relay->master_fd, TIOCSWINSZ, &size);
}

void relay_pause(struct relay *relay)
{
	caller_terminal_give_back(&relay->terminal);
}

/* Fails where the terminal has hung up, which poll(2) reports as well. */
void relay_resume(struct relay *relay)
{
	caller_terminal_take(&relay->terminal);
	relay_resize(relay);
}

/* read(2) of a pseudo-terminal waits for what was written before (n_tty_read(), Linux 4.7). */
void relay_finish(struct relay *relay, bool was_killed)
{
	size_t left = REMAINDER_SIZE;

	while (relay->master_fd >= 0 &&
	       copy_buffer_finish(&relay->to_caller, &relay->output, relay->signal_fd,
				  copy_patience(was_killed)) == 0) {
		ssize_t count = copy_buffer_fill(&relay->to_caller, relay->master_fd, left);

		if (count <= 0)
			return;
		left -= (size_t)count;
	}
}

void relay_free(struct relay *relay)
{
	if (!relay)
		return;
	caller_terminal_give_back(&relay->terminal);
	hang_up(relay);
	cleanup_close(&relay->signal_fd);
	cleanup_close(&relay->ahead_fd);
	copy_output_close(&relay->output);
	free(relay);
}
