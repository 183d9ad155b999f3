/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signals as a new program expects them. */
#ifndef NSCTL_RUN_SIGNALS_H
#define NSCTL_RUN_SIGNALS_H

/* In a process that will execute another program: none is blocked.  Callers may have blocked all. */
void signals_unblock(void);

/* The same, and none is ignored: each has its default action. */
void signals_reset(void);

#endif
