/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Filling a snapshot.  All functions that return an int return 0, or -ENOMEM without memory. */
#ifndef NSCTL_SNAPSHOT_BUILD_H
#define NSCTL_SNAPSHOT_BUILD_H

#include "snapshot/sink.h"

/* Finds or adds a namespace, and stores its index. */
int snapshot_add_ns(struct snapshot *snapshot, enum ns_type type, ino_t ino, uint32_t *index);

/* Finds or adds a set, and its namespaces, and stores its index. */
int snapshot_add_set(struct snapshot *snapshot, const struct sink_set *record, uint32_t *set);

/* Adds a task of a set that was added. */
int snapshot_add_task(struct snapshot *snapshot, const struct snapshot_task *task);

/* Adds a copy of holder to its namespace, or counts it where that has too many. */
int snapshot_add_holder(struct snapshot *snapshot, const struct snapshot_holder *holder);

/* The same for a bind mount: point is copied, up to the longest path that a system call takes. */
int snapshot_add_mount(struct snapshot *snapshot, const struct snapshot_holder *holder, const char *point);

/* Counts holders of a kind, which are not kept themselves. */
void snapshot_add_more(struct snapshot *snapshot, uint32_t ns, enum holder_kind kind, uint64_t count);

/* Sorts the tasks and counts them by namespace: after this none is added. */
int snapshot_count_tasks(struct snapshot *snapshot);

/* Sorts the holders: after this nothing is added. */
int snapshot_finish(struct snapshot *snapshot);

#endif
