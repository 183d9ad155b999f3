/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The seccomp filters of a process, copied. */
#ifndef NSCTL_ENTER_FILTERS_COPY_H
#define NSCTL_ENTER_FILTERS_COPY_H

#include "proc/process.h"
#include "proc/settings.h"

/*
 * Stops the process, copies all of its filters into settings, and lets it continue
 * (PTRACE_SECCOMP_GET_FILTER, Linux 4.4 with CONFIG_CHECKPOINT_RESTORE; flags since 4.16).
 * It requires CAP_SYS_ADMIN in the initial user namespace, and a caller without a filter of
 * its own.  A process that does not stop in time, or that is traced, is an error.
 * Returns 0 or a negative errno.
 */
int filters_copy(const struct process *process, struct settings *settings, struct error *err);

#endif
