/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Offsets and ids of the running kernel, from its BTF (Linux 5.4; CONFIG_DEBUG_INFO_BTF). */
#ifndef NSCTL_BPF_BTF_H
#define NSCTL_BPF_BTF_H

#include <stdbool.h>
#include <stdint.h>

#include "bpf/fields.h"

#define BTF_PATH "/sys/kernel/btf/vmlinux"

/* The BPF programs. */
enum program {
	PROGRAM_TASKS,
	PROGRAM_FILES,
	PROGRAM_TYPES, /* the walks of namespaces.bpf.c, with the kernel's number iterator */
	PROGRAM_MQUEUE,
	PROGRAM_MOUNTS,
	PROGRAM_TYPES_BOUNDED, /* and without */
	PROGRAM_MQUEUE_BOUNDED,
	PROGRAM_MOUNTS_BOUNDED,
	PROGRAM_COUNT,
};

/* The kernel functions (kfuncs) that programs call. */
enum kernel_function {
	FUNCTION_RDONLY_CAST, /* bpf_rdonly_cast(), Linux 6.2 */
	FUNCTION_NUM_NEW,     /* bpf_iter_num_new() and the next two, Linux 6.4 */
	FUNCTION_NUM_NEXT,
	FUNCTION_NUM_DESTROY,
	KERNEL_FUNCTION_COUNT,
};

#define FIELD_MISSING UINT32_MAX /* equals BTF_NO_MEMBER */

struct kernel_types {
	uint32_t offsets[KERNEL_FIELD_COUNT];      /* in bytes; FIELD_MISSING: not in this kernel */
	uint32_t task_type;                        /* the id of struct task_struct */
	uint32_t functions[KERNEL_FUNCTION_COUNT]; /* ids; 0: not in this kernel */
	uint32_t
	    iterators[PROGRAM_COUNT]; /* the ids of the iterators that they are attached to; 0: the same */
};

/*
 * Reads BTF_PATH.  Returns 0; -EOPNOTSUPP where the kernel has no BTF, or lacks a
 * field that is not optional; -EPROTO where it is broken; or another negative
 * errno.
 */
int btf_read(struct kernel_types *types);

/* The same for BTF in memory, however broken; its address is a multiple of 4. */
int btf_parse(const void *data, uint64_t size, struct kernel_types *types);

#endif
