/* SPDX-License-Identifier: GPL-2.0-or-later */
/* BPF iterators (Linux 5.8): a program runs for every object of a kind. */
#ifndef NSCTL_BPF_ITERATOR_H
#define NSCTL_BPF_ITERATOR_H

#include "bpf/program.h"

/*
 * Loads a program as the iterator that it is for.  Requires what program_load()
 * does.  Returns a descriptor; -EOPNOTSUPP where the kernel has no such iterator;
 * or another negative errno.
 */
int iterator_load(const struct kernel_types *types, enum program program, const struct program_maps *maps);

/*
 * Opens a file that runs the program for every object while it is read, and has
 * what the program emits.  Returns a descriptor or a negative errno.
 */
int iterator_attach(int program_fd);

/*
 * Loads a program that emits records (PROGRAM_TASKS, PROGRAM_FILES; see record.h)
 * and opens the file that has them.  state: the initial state of the program,
 * for PROGRAM_FILES a struct files_state; NULL: all zero.  PIDs are those of the
 * caller's pid namespace.  Returns as iterator_load() does.
 */
int iterator_open(const struct kernel_types *types, enum program program, const void *state);

#endif
