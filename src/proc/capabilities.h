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

/* Whether all of these are effective: bits such as 1ULL << CAP_SYS_ADMIN. */
bool capabilities_have(uint64_t wanted);

/*
 * Whether the caller is in the machine's first user namespace, where alone
 * capabilities are over all of it: 0, -EPERM, or another negative errno where
 * /proc does not tell.
 */
int capabilities_check_first_user_ns(void);

#endif
