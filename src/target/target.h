/* What the user points at: the one grammar of every TARGET. */
#ifndef NSCTL_TARGET_TARGET_H
#define NSCTL_TARGET_TARGET_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "ns/ns.h"
#include "proc/process.h"
#include "snapshot/snapshot.h"

enum target_kind {
	TARGET_PROCESS,   /* 1234, 1234:5678, self */
	TARGET_NS_INODE,  /* net:[4026532281], 4026532281 */
	TARGET_NS_ID,     /* :412 */
	TARGET_FILE,      /* a path: anything with a slash */
	TARGET_NETNS_NAME /* netns:blue, a name of ip-netns(8) */
};

/* A target as written.  Nothing was looked up. */
struct target {
	enum target_kind kind;
	pid_t pid;            /* TARGET_PROCESS; 0 is the caller */
	uint64_t pidfd_inode; /* TARGET_PROCESS; 0 where none was given */
	ns_type_set types;    /* TARGET_NS_INODE: the types it may have */
	ino_t ino;            /* TARGET_NS_INODE */
	uint64_t id;          /* TARGET_NS_ID */
	const char *text;     /* as written; borrowed from the caller */
	const char *name;     /* TARGET_FILE: the path; TARGET_NETNS_NAME: the name; within text */
};

/* Reads one target.  Returns 0; or -EINVAL, with a hint at what the word may have been meant to be. */
int target_parse(const char *text, struct target *target, struct error *err);

/* A process, or a namespace: what a target turned out to be. */
struct opened_target {
	bool is_process;
	struct process process;
	struct ns ns;
};

/* Looks a target up, and holds what it found.  Returns 0 or a negative errno. */
int target_open(const struct target *target, struct opened_target *opened, struct error *err);

/* The two steps together. */
int target_open_text(const char *text, struct opened_target *opened, struct error *err);

void opened_target_close(struct opened_target *opened);
#define AUTO_TARGET __attribute__((cleanup(opened_target_close)))

/* A task or a namespace of a snapshot; the other is SNAPSHOT_NONE. */
struct found_target {
	bool is_process;
	uint32_t task;
	uint32_t ns;
};

/*
 * Where a scan could not look at everything, what is not found may be there all
 * the same: says so in err's hint, or returns false.
 */
bool target_hint_at_unseen(const struct snapshot *snapshot, struct error *err);

/*
 * Fills err for an inode that no namespace of the given types has, if one of
 * another type has it: "… is a user namespace".  Else returns false.
 */
bool target_refuse_type(const struct snapshot *snapshot, const struct target *target, struct error *err);

/* Finds in a snapshot what a target means.  Returns 0 or a negative errno; -ENOENT: it is not there. */
int target_find(const struct target *target, const struct snapshot *snapshot, struct found_target *found,
		struct error *err);

/* Whether this kernel has namespace ids at all: 0, or -ENOTTY with err. */
int target_check_ids(uint64_t id, struct error *err);

/* The namespace with this 64-bit id, however this kernel lets it be found. */
int target_open_ns_id(uint64_t id, struct ns *ns, struct error *err);

#endif
