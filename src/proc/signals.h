/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The signal that would end a process. */
#ifndef NSCTL_PROC_SIGNALS_H
#define NSCTL_PROC_SIGNALS_H

#include <sys/types.h>

enum ending {
	ENDING_TERM,
	ENDING_KILL,    /* SIGTERM would not end it: see process_ending() */
	ENDING_NEVER,   /* the caller's init: no signal ends it */
	ENDING_REFUSED, /* this user may not send it a signal */
};

/*
 * Returns which signal would end the process.  SIGTERM does not end the first
 * process of a pid namespace (pid_namespaces(7)), nor one that ignores the signal,
 * blocks it in all of its threads, or is stopped.  A process that catches it is
 * assumed to end.  A process that is gone is ENDING_TERM.  Not for kernel threads.
 * Reads /proc/PID/status, which a hostile process cannot block.
 */
enum ending process_ending(pid_t pid);

#endif
