/* A BPF iterator: a file of records of the kernel's objects (record.h). */
#ifndef NSCTL_BPF_ITERATOR_H
#define NSCTL_BPF_ITERATOR_H

#include "bpf/btf.h"

/*
 * Loads a program that emits records (PROGRAM_TASKS, PROGRAM_FILES) and opens
 * the file that it fills.  state is what the program is given: NULL for all zero,
 * or a struct files_state for PROGRAM_FILES.  What it emits is as seen from the caller's pid
 * namespace.  Requires what program_load() does.  Returns a descriptor, or a
 * negative errno.
 */
int iterator_open(const struct kernel_types *types, enum program program, const void *state);

#endif
