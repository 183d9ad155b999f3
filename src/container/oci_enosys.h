/* SPDX-License-Identifier: GPL-2.0-or-later */
/* System calls that are newer than a container's seccomp filter. */
#ifndef NSCTL_CONTAINER_OCI_ENOSYS_H
#define NSCTL_CONTAINER_OCI_ENOSYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proc/settings.h"

#define ENOSYS_ARCHS_MAX 16

/*
 * A C library tries a new system call first, and takes an older one if that returns
 * ENOSYS; the EPERM of a filter would be an error.  So runc (1.0 and newer) lets calls
 * with a higher number than any that the filter names return ENOSYS, in front of the filter.
 */
struct enosys {
	bool is_wanted;
	struct {
		uint32_t arch; /* as libseccomp and struct seccomp_data name it */
		int last;      /* the highest number that the filter names; -1: none */
	} archs[ENOSYS_ARCHS_MAX];
	size_t count;
};

/* An architecture of the filter; those beyond ENOSYS_ARCHS_MAX are left to the filter. */
void enosys_add_arch(struct enosys *enosys, uint32_t arch);

/* After all architectures: a system call that the filter names. */
void enosys_add_syscall(struct enosys *enosys, const char *name);

/*
 * Stores in filter the instructions of code, and before them those for ENOSYS.  Returns
 * 0, -ENOMEM, or -E2BIG where a filter cannot have as many.
 */
int enosys_prepend(const struct enosys *enosys, const struct sock_filter *code, size_t count,
		   struct seccomp_filter *filter);

#endif
