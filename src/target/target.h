/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Targets: what the user points at.  One grammar for all commands. */
#ifndef NSCTL_TARGET_TARGET_H
#define NSCTL_TARGET_TARGET_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "container/container.h"
#include "ns/ns.h"
#include "proc/process.h"
#include "scan/scan.h"
#include "snapshot/snapshot.h"

/* Where ip-netns(8) mounts the namespaces that have a name. */
#define TARGET_NETNS_DIRECTORY "/run/netns"

/* The nature of a target, however it is written. */
enum target_kind {
	TARGET_PROCESS,    /* one or several processes: of a cgroup, a unit, a container */
	TARGET_NS,         /* a namespace, by a number */
	TARGET_NETNS_NAME, /* netns:blue, a name of ip-netns(8) */
	TARGET_KEPT,       /* keep:blue, a name of nsctl-keep(1): one or several namespaces */
	TARGET_FILE        /* a path: anything else with a slash */
};

/* What stands before the names of nsctl-keep(1). */
#define TARGET_KEPT_PREFIX "keep:"

struct target_row;

/* A target as written.  Nothing was looked up, but for whether a bare word is a kept name. */
struct target {
	const struct target_row *row; /* how it is written */
	enum target_kind kind;
	pid_t pid;            /* of one process; 0: the caller, or not a single process */
	uint64_t pidfd_inode; /* of one process; 0: none was given */
	ns_type_set types;    /* the types of namespaces that it may mean */
	ino_t ino;            /* TARGET_NS; 0: by its id */
	uint64_t id;          /* TARGET_NS; 0: by its inode */
	const char *text;     /* as written; borrowed from the caller */
	const char *name;     /* what stands behind the prefix, within text: a path or a name */
};

/*
 * Stores how targets are written, for help: "a PID, self, net:[INODE], INODE,
 * :ID, netns:NAME or a namespace file"; without processes, from net:[INODE] on.
 */
void target_list_kinds(bool with_processes, char *text, size_t size);

/* The target of a namespace's inode; text: as it was written. */
struct target target_of_inode(ns_type_set types, ino_t ino, const char *text);

/* Reads one target.  Returns 0; or -EINVAL, with a hint at what the word may have been meant to be. */
int target_parse(const char *text, struct target *target, struct error *err);

/*
 * As target_parse(), but takes a word that can be a container for one without a look, unless
 * it is a kept name: target_open() refuses what is none.
 */
int target_parse_unseen(const char *text, struct target *target, struct error *err);

/*
 * Reads a target that is a container, which a kept name or another word of the same name
 * does not hide.  Nothing is looked up.  Returns 0, or -EINVAL with err.
 */
int target_parse_container(const char *text, struct target *target, struct error *err);

/* A process, or namespaces: what a target turned out to be. */
struct opened_target {
	bool is_process;
	struct process process;
	struct container *container; /* whose first process it is; NULL: the target is no container */
	struct ns ns[NS_TYPE_COUNT]; /* one; several of a kept name only, each of another type */
	size_t ns_count;             /* 0: it is a process, or nothing was opened */
};

#define TARGET_CLOSED                                                                                        \
	((struct opened_target){.process = PROCESS_CLOSED, .ns = {[0 ... NS_TYPE_COUNT - 1] = {.fd = -1}}})

/*
 * Looks a target up, and holds what it found.  engine: reads the tasks to find a
 * namespace by its number.  The caller closes opened, also after an error.
 * Returns 0 or a negative errno.
 */
int target_open(const struct target *target, enum engine engine, struct opened_target *opened,
		struct error *err);

/* The two steps together. */
int target_open_text(const char *text, enum engine engine, struct opened_target *opened, struct error *err);

/* As target_open(), for a process or a single namespace: several are refused (-EINVAL). */
int target_open_one(const struct target *target, enum engine engine, struct opened_target *opened,
		    struct error *err);

/*
 * Fills err for a target that is namespaces of these types, where one is needed,
 * with how to name each.  Returns -EINVAL.
 */
int target_refuse_several(const struct target *target, ns_type_set types, struct error *err);

void opened_target_close(struct opened_target *opened);
#define AUTO_TARGET __attribute__((cleanup(opened_target_close)))

/* Opens the namespace with this 64-bit id, however this kernel lets it be found. */
int target_open_ns_id(uint64_t id, enum engine engine, struct ns *ns, struct error *err);

/* Processes or namespaces of a snapshot. */
struct found_target {
	bool is_process;
	uint32_t task; /* the process; of several the one with the lowest PID; SNAPSHOT_NONE: none */
	bool *tasks;   /* by task: of a cgroup's processes and their threads; NULL: task is the only one */
	uint32_t ns[NS_TYPE_COUNT]; /* as in struct opened_target */
	size_t ns_count;
};

/* Whether the namespace is one of them. */
bool found_target_has_ns(const struct found_target *found, uint32_t ns);

/* Whether the task itself is in one of them. */
bool found_target_has_task(const struct snapshot *snapshot, const struct found_target *found, uint32_t task);

/* As target_refuse_several(), for what was found. */
int found_target_refuse_several(const struct snapshot *snapshot, const struct target *target,
				const struct found_target *found, struct error *err);

void found_target_free(struct found_target *found);
#define AUTO_FOUND __attribute__((cleanup(found_target_free)))

/*
 * Finds in a snapshot what a target means.  found is released by
 * found_target_free(), also after an error.  Returns 0; -ENOENT if the snapshot
 * lacks it; or another negative errno.
 */
int target_find(const struct target *target, const struct snapshot *snapshot, struct found_target *found,
		struct error *err);

/*
 * Scans for the targets and finds them, found[i] for targets[i].  Reads what
 * request asks for; then everything (SCAN_EVERYTHING, with the request's engine
 * and netnsids) if a namespace was not found so, or has no process.  The caller
 * frees the snapshot and what was found, also after an error; found is all zero before.  Returns 0; -ENOENT
 * if a namespace is nowhere; or another negative errno.
 */
int target_scan(const struct target *targets, size_t count, const struct scan_request *request,
		struct snapshot *snapshot, struct found_target *found, struct error *err);

#endif
