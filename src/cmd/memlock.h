/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Room for BPF on kernels that count its memory by RLIMIT_MEMLOCK. */
#ifndef NSCTL_CMD_MEMLOCK_H
#define NSCTL_CMD_MEMLOCK_H

#include <stdbool.h>
#include <sys/resource.h>

#include "base/error.h"

/*
 * Before Linux 5.11 BPF programs and maps count as locked memory of the user, of
 * which there is too little by default (64 KiB); since then, as memory of the
 * cgroup.  On such kernels, lifts the limit as far as the caller may
 * (CAP_SYS_RESOURCE); else BPF has what there is.  before: receives the previous
 * limit; NULL: it is not to be restored.  Returns whether the limit was raised.
 */
bool memlock_raise(struct rlimit *before);

/* Sets the limit back: a program that is executed would inherit it.  Returns 0 or a negative errno. */
int memlock_restore(const struct rlimit *before, struct error *err);

#endif
