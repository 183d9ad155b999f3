/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The caller's terminal, while the program has a pseudo-terminal of its own. */
#ifndef NSCTL_RUN_CALLER_TERMINAL_H
#define NSCTL_RUN_CALLER_TERMINAL_H

#include <stdbool.h>
#include <termios.h>

struct caller_terminal {
	int fd;               /* borrowed */
	bool is_raw;          /* set by caller_terminal_take(), and not given back yet */
	struct termios modes; /* as they were before */
	struct termios raw;   /* as they are meanwhile */
};

/*
 * Makes the terminal raw: each byte goes to the program as it was typed, also ^C and
 * ^Z.  read(2) does not wait then.  In the background it does nothing: a shell uses
 * the terminal; then is_raw is false.  Where it is raw already, sets its modes again,
 * which a shell may have changed.  Returns 0 or a negative errno.
 */
int caller_terminal_take(struct caller_terminal *terminal);

/*
 * Restores the modes, without waiting for output.  In the background only where
 * nobody has changed them since: they are the shell's otherwise.
 */
void caller_terminal_give_back(struct caller_terminal *terminal);

#endif
