/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run/caller_terminal.h"

#include <errno.h>
#include <unistd.h>

/* Also where it is not the controlling terminal: then there is no job control. */
static bool is_in_foreground(const struct caller_terminal *terminal)
{
	pid_t group = tcgetpgrp(terminal->fd);

	return group < 0 || group == getpgrp();
}

int caller_terminal_take(struct caller_terminal *terminal)
{
	if (!is_in_foreground(terminal)) {
		terminal->is_raw = false;
		return 0;
	}
	if (!terminal->is_raw && tcgetattr(terminal->fd, &terminal->modes) < 0)
		return -errno;
	terminal->raw = terminal->modes;
	cfmakeraw(&terminal->raw);
	/* O_NONBLOCK would do for read(2), but is a property of all who have the terminal open. */
	terminal->raw.c_cc[VMIN] = 0;
	terminal->raw.c_cc[VTIME] = 0;
	if (tcsetattr(terminal->fd, TCSANOW, &terminal->raw) < 0)
		return -errno;
	terminal->is_raw = true;
	return 0;
}

static bool is_unchanged(const struct caller_terminal *terminal)
{
	const struct termios *raw = &terminal->raw;
	struct termios now;

	return tcgetattr(terminal->fd, &now) == 0 && now.c_iflag == raw->c_iflag &&
	       now.c_oflag == raw->c_oflag && now.c_lflag == raw->c_lflag &&
	       now.c_cc[VMIN] == raw->c_cc[VMIN];
}

void caller_terminal_give_back(struct caller_terminal *terminal)
{
	if (!terminal->is_raw)
		return;
	terminal->is_raw = false;
	if (is_in_foreground(terminal) || is_unchanged(terminal))
		tcsetattr(terminal->fd, TCSANOW, &terminal->modes);
}
