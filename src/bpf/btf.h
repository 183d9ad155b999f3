/* The types of the running kernel, as BTF tells them (Linux 5.4; CONFIG_DEBUG_INFO_BTF). */
#ifndef NSCTL_BPF_BTF_H
#define NSCTL_BPF_BTF_H

#include <stdbool.h>
#include <stdint.h>

#include "bpf/fields.h"

#define BTF_PATH "/sys/kernel/btf/vmlinux"

/* What the BPF programs iterate over: a function of this name is what a program is loaded for. */
enum iterator_kind { ITERATOR_TASKS, ITERATOR_FILES, ITERATOR_KIND_COUNT };

#define FIELD_MISSING UINT32_MAX

struct kernel_types {
	uint32_t offsets[KERNEL_FIELD_COUNT]; /* in bytes; FIELD_MISSING: this kernel has it not */
	uint32_t task_type;                   /* the id of struct task_struct */
	uint32_t cast_function; /* that of bpf_rdonly_cast() (Linux 6.2); 0: this kernel has it not */
	uint32_t iterators[ITERATOR_KIND_COUNT]; /* the ids of their functions; 0: this kernel has it not */
};

/*
 * Reads BTF_PATH.  Returns 0; -EOPNOTSUPP where the kernel has
 * none, or it lacks what every program needs; -EPROTO where it is broken; or
 * another negative errno.
 */
int btf_read(struct kernel_types *types);

/* The same of BTF in memory, however broken; its address is a multiple of 4. */
int btf_parse(const void *data, uint64_t size, struct kernel_types *types);

#endif
