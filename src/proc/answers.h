/* Whether a process lets itself be read. */
#ifndef NSCTL_PROC_ANSWERS_H
#define NSCTL_PROC_ANSWERS_H

#include "proc/process.h"

/*
 * Reads the links and the state of the process in a helper: since Linux 6.18
 * these wait until an execve(2) of it ends, which it can draw out.  What it
 * blocks later is not covered: that is only for commands that look at one
 * process, which can be interrupted.  Returns 0, or -ETIMEDOUT with err filled.
 */
int process_check_answers(const struct process *process, struct error *err);

#endif
