/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The BPF programs of nsctl, fitted to the running kernel and loaded. */
#ifndef NSCTL_BPF_PROGRAM_H
#define NSCTL_BPF_PROGRAM_H

#include <linux/bpf.h>

#include "bpf/btf.h"

/* The maps that a program refers to; borrowed.  -1: it has no such map. */
struct program_maps {
	int state_fd;
	int records_fd;
};

/* The type by which the kernel loads a program: see BPF_PROG_LOAD in bpf(2). */
struct program_purpose {
	enum bpf_prog_type type;
	enum bpf_attach_type attach_type;
	uint32_t btf_id; /* of the kernel function that it is attached to; 0: none */
};

/*
 * Loads a program.  Requires CAP_BPF and CAP_PERFMON, or CAP_SYS_ADMIN, in the
 * initial user namespace; before Linux 5.11 also locked memory (RLIMIT_MEMLOCK).
 * Returns a descriptor or a negative errno.
 */
int program_load(const struct kernel_types *types, enum program program,
		 const struct program_purpose *purpose, const struct program_maps *maps);

#endif
