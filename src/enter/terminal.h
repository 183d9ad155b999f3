/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pseudo-terminal of the program. */
#ifndef NSCTL_ENTER_TERMINAL_H
#define NSCTL_ENTER_TERMINAL_H

#include "enter/part.h"

/* The program cannot read from the caller's terminal, nor insert characters into it (TIOCSTI). */
struct terminal {
	bool wanted;
	bool has_no_name; /* it is the caller's devpts, of which the program sees nothing */
	int slave_fd;     /* for the program; nsctl keeps it open, too: it may be closed and opened inside */
	struct relay *relay; /* has the other end */
	uid_t owner;         /* of slave_fd, as the caller sees it; (uid_t)-1: do not change it */
	gid_t group;         /* the same */
};

#define TERMINAL_CLOSED ((struct terminal){.slave_fd = -1, .owner = (uid_t)-1, .group = (gid_t)-1})

/*
 * Opens a pseudo-terminal of the devpts in the root that the program will have, or else
 * of the caller's: with the size and the modes of the caller's terminal.  Names inside
 * are not believed: what they lead to is opened without effect, checked, and only then
 * opened as a device; the program's end comes from TIOCGPTPEER (Linux 4.13) and from no
 * name.  Helpers do what can block.  -ENOTTY where a pseudo-terminal was asked for and
 * standard input is no terminal.
 */
plan_fn terminal_plan;

/* Before the join: the program's user owns it, so that su(1) and tmux(1) inside can open it. */
apply_fn terminal_give;

/*
 * In the program's process, before its user changes: a session of its own, whose
 * controlling terminal and standard streams the pseudo-terminal is.
 */
apply_fn terminal_attach;

void terminal_free(struct terminal *terminal);

#endif
