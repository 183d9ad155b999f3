/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a process lets others read it. */
#ifndef NSCTL_PROC_ANSWERS_H
#define NSCTL_PROC_ANSWERS_H

#include <stdbool.h>

#include "proc/process.h"

/*
 * Reads the links and the state of the process in a helper: since Linux 6.18
 * these reads wait until its execve(2) ends, which it can delay.  Later reads may
 * still block.  Returns 0, or -ETIMEDOUT with err filled.
 */
int process_check_answers(const struct process *process, struct error *err);

/*
 * Whether the process may be in the part of an execve(2) in which readers
 * wait: it has memory, but no program in it yet (statm in proc_pid_statm(5)).
 * The file never waits.  Not every such wait shows so: only a helper or a
 * deadline bounds them all.
 */
bool process_may_be_executing(const struct process *process);

#endif
