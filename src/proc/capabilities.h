/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The caller's capabilities; see capabilities(7). */
#ifndef NSCTL_PROC_CAPABILITIES_H
#define NSCTL_PROC_CAPABILITIES_H

#include <linux/capability.h>
#include <stdbool.h>
#include <stdint.h>

#ifndef CAP_PERFMON /* Linux 5.8, as the next */
#define CAP_PERFMON 38
#endif
#ifndef CAP_BPF
#define CAP_BPF 39
#endif

/* Whether all of these capabilities are effective: bits such as 1ULL << CAP_SYS_ADMIN. */
bool capabilities_have(uint64_t wanted);

/*
 * Checks whether the caller is in the initial user namespace: only there do
 * capabilities cover the whole machine.  Returns 0; -EPERM if it is not; or
 * another negative errno if /proc cannot be read.
 */
int capabilities_check_initial_user_ns(void);

#endif
