/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs the programs that walk the kernel's own lists of namespaces. */
#ifndef NSCTL_BPF_WALKER_H
#define NSCTL_BPF_WALKER_H

#include <stddef.h>

#include "bpf/btf.h"
#include "bpf/walk.h"

enum walk {
	WALK_OF_TYPES,  /* all types (Linux 6.18); net namespaces before */
	WALK_OF_MQUEUE, /* ipc namespaces */
	WALK_OF_MOUNTS, /* mounts of nsfs */
	WALK_COUNT,
};

struct walker {
	enum walk walk;
	int state_fd;
	int records_fd;
	int program_fd;
	int nsfs_fd;
	bool is_bounded; /* a run takes a few steps */
	uint32_t wanted; /* what can be walked in this kernel: types, or 1 */
	struct walk_state *state;
	struct walk_record *records; /* state->count of them */
	size_t capacity;
	const struct kernel_types *types; /* borrowed */
};

#define WALKER_CLOSED ((struct walker){.state_fd = -1, .records_fd = -1, .program_fd = -1, .nsfs_fd = -1})

#define WALKER_CAPACITY 4096                  /* at first */
#define WALKER_CAPACITY_MAX ((size_t)2 << 20) /* 128 MB */

/*
 * Loads the program, with room for as many records.  Requires what
 * iterator_load() does.  Returns 0; -EOPNOTSUPP where this kernel's lists cannot
 * be walked; or another negative errno.
 */
int walker_open(const struct kernel_types *types, enum walk walk, size_t capacity, struct walker *walker);

/*
 * Walks all lists, each to its end.  A list that changes during the walk is walked
 * again, up to three times; so a namespace may be recorded twice.  If there is too
 * little room, the walker is opened again with more, up to WALKER_CAPACITY_MAX.
 * Afterwards state->done equals wanted if all was walked completely.  Returns 0;
 * -ENOSPC where there was still too little room; or another negative errno.
 */
int walker_run(struct walker *walker);

void walker_close(struct walker *walker);
#define AUTO_WALKER __attribute__((cleanup(walker_close)))

#endif
