/* A BPF iterator: a file that tells records of the kernel's objects (record.h). */
#ifndef NSCTL_BPF_ITERATOR_H
#define NSCTL_BPF_ITERATOR_H

#include "bpf/btf.h"

/*
 * Loads a program and opens the file that it fills; reading it to the end runs
 * the program on every object (bpf iterators, Linux 5.8).  What it tells is as
 * seen from the caller's pid namespace.  Takes CAP_BPF and CAP_PERFMON, or
 * CAP_SYS_ADMIN, in the machine's first user namespace.  Returns a descriptor,
 * or a negative errno.
 */
int iterator_open(const struct kernel_types *types, enum iterator_kind kind);

#endif
