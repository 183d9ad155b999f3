/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signals as a new program expects them. */
#ifndef NSCTL_RUN_SIGNALS_H
#define NSCTL_RUN_SIGNALS_H

/* In a process that will execute another program: none is blocked.  Callers may have blocked all. */
void signals_unblock(void);

#endif
