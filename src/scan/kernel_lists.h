/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Namespaces from the kernel's own lists, walked by BPF: whatever holds them. */
#ifndef NSCTL_SCAN_KERNEL_LISTS_H
#define NSCTL_SCAN_KERNEL_LISTS_H

#include "base/map.h"
#include "bpf/walker.h"
#include "scan/scan.h"
#include "snapshot/sink.h"

/* The lists of the types, and of mqueue. */
#define KERNEL_LISTS_MAX 2

/*
 * The lists are walked twice, before and after the tasks and files are read.
 * Only a namespace that was there both times and has no task must have another
 * holder: one that was created meanwhile has its task, and one that was freed
 * meanwhile has none.
 */
struct kernel_lists {
	const struct scan_request *request;
	const struct kernel_types *types;
	struct walker walkers[KERNEL_LISTS_MAX];
	size_t count;      /* of walkers; 0: the lists are not walked */
	struct map before; /* keys of what was there the first time */
	bool is_broken;    /* a list changed too quickly to be walked to its end */
};

/*
 * Opens the lists and walks them for the first time.  Where they cannot be
 * walked, nothing is opened, and that is no error.  Returns 0 or -ENOMEM; to be
 * closed in any case.
 */
int kernel_lists_start(const struct scan_request *request, const struct kernel_types *types,
		       struct kernel_lists *lists);

/*
 * Walks them again, and emits the namespaces that were there both times.
 * Returns the types of which the sink has every namespace now, or a negative errno.
 */
int kernel_lists_finish(struct kernel_lists *lists, const struct sink *sink);

void kernel_lists_close(struct kernel_lists *lists);

#endif
