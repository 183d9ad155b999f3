/* Which signal would end a process. */
#ifndef NSCTL_PROC_SIGNALS_H
#define NSCTL_PROC_SIGNALS_H

#include <sys/types.h>

enum ending {
	ENDING_TERM,
	ENDING_KILL,    /* SIGTERM would not: see process_ending() */
	ENDING_NEVER,   /* the caller's init: no signal does */
	ENDING_REFUSED, /* this user may not send it a signal */
};

/*
 * SIGTERM does not end the first process of a pid namespace (pid_namespaces(7)),
 * nor one that ignores the signal, or blocks it in all of its threads, or is
 * stopped.  One that catches it is taken to end then.  A process that is gone
 * is ENDING_TERM.  Kernel threads are not for this.  A hostile process cannot
 * block it: it is read from /proc/PID/status.
 */
enum ending process_ending(pid_t pid);

#endif
