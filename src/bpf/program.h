/* The BPF programs of nsctl: made to fit the running kernel, and loaded. */
#ifndef NSCTL_BPF_PROGRAM_H
#define NSCTL_BPF_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/resource.h>

#include "bpf/btf.h"

/* What a program refers to; borrowed.  -1: it has no such map. */
struct program_maps {
	int state_fd;
	int records_fd;
};

/*
 * An array of count values, all zero.  is_mapped: for mmap(2) (Linux 5.5).
 * Returns a descriptor or a negative errno.
 */
int program_create_array(size_t value_size, size_t count, bool is_mapped);

/* Sets the first value of an array.  Returns 0 or a negative errno. */
int program_set_value(int map_fd, const void *value);

/*
 * Loads a program.  Requires CAP_BPF and CAP_PERFMON, or CAP_SYS_ADMIN, in the
 * initial user namespace.  Returns a descriptor; -EOPNOTSUPP where the kernel
 * has no such iterator; or another negative errno.
 */
int program_load(const struct kernel_types *types, enum program program, const struct program_maps *maps);

/*
 * Opens a file that runs the program on every object when it is read (BPF
 * iterators, Linux 5.8).  Returns a descriptor or a negative errno.
 */
int program_open_iterator(int program_fd);

/*
 * Before Linux 5.11 programs and maps count as locked memory of the user's.
 * Lifts that limit.  Returns 0 and the limit there was, to be set again; or a
 * negative errno where the caller cannot raise it, and has what there is.
 */
int program_raise_memlock(struct rlimit *before);

#endif
