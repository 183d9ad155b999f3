/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One kind of target: how it is written, opened and found.  Only target/ uses it. */
#ifndef NSCTL_TARGET_KIND_H
#define NSCTL_TARGET_KIND_H

#include "container/search.h"
#include "target/target.h"

/* The part of a scan that a target needs. */
enum target_needs {
	TARGET_NEEDS_TASKS,       /* the tasks; it can be nowhere else */
	TARGET_NEEDS_TASKS_FIRST, /* the tasks; everything if no process is in it */
	TARGET_NEEDS_EVERYTHING,
};

/* A kind is one row and its functions, in one file; parse.c lists the rows. */
struct target_row {
	enum target_kind kind;
	const char *prefix;  /* a word that begins with it is of this kind or refused; NULL: parse decides */
	const char *written; /* for help: "netns:NAME"; NULL: another row says it */
	enum target_needs needs;

	/* Fills target from text, the word behind the prefix; row and kind are set.  Returns false if it is
	 * not so written. */
	bool (*parse)(const char *text, struct target *target);

	/*
	 * Fills opened, which was TARGET_CLOSED: a process, or namespaces and their count.
	 * The caller closes it, also after an error.
	 */
	int (*open)(const struct target *target, enum engine engine, struct opened_target *opened,
		    struct error *err);

	/* Fills found; a namespace that the snapshot lacks is SNAPSHOT_NONE there, or is not there. */
	int (*find)(const struct target *target, const struct snapshot *snapshot, struct found_target *found,
		    struct error *err);
};

extern const struct target_row target_process;
extern const struct target_row target_cgroup;
extern const struct target_row target_ns_inode;
extern const struct target_row target_ns_id;
extern const struct target_row target_netns_name;
extern const struct target_row target_kept;
extern const struct target_row target_kept_word; /* which word.c parses */
extern const struct target_row target_container;
extern const struct target_row target_pod;
extern const struct target_row target_unit;
extern const struct target_row target_word;
extern const struct target_row target_file;

/* A find() for what is quickly opened: by the inodes of the namespaces. */
int target_find_opened(const struct target *target, const struct snapshot *snapshot,
		       struct found_target *found, struct error *err);

/* Opens containers, and finds those that the target means.  Both are freed in any case.  0 or a negative
 * errno. */
int target_search_containers(const struct target *target, struct containers *containers,
			     struct container_matches *matches, struct error *err);

/* Whether a word is written as the name of a container can be. */
bool target_is_word(const char *text);

/* Adds a container whose name is near to the word as a hint to err; or returns false. */
bool target_suggest_container(const char *word, struct error *err);

/* Whether a bare word is a container. */
bool target_is_container(const char *text);

/* An open() for containers: the one that the target means, with its first process. */
int target_open_container(const struct target *target, enum engine engine, struct opened_target *opened,
			  struct error *err);

/* Adds how to write each of them to a list. */
void target_list_matches(const struct container_matches *matches, char *list, size_t size);

/* A find() for containers. */
int target_find_container(const struct target *target, const struct snapshot *snapshot,
			  struct found_target *found, struct error *err);

/* Refuses a kept name that is a container's, too: 0 or -EINVAL. */
int target_check_kept_word(const struct target *target, struct error *err);

/* Looks for something in a snapshot. */
typedef int target_look_fn(const struct snapshot *snapshot, void *context, struct error *err);

/* Found; a look at everything may report more of it. */
#define TARGET_LOOK_FURTHER 1

/*
 * Scans as requested and calls look.  If look returns -ENOENT or
 * TARGET_LOOK_FURTHER, and the request was not for everything, scans everything
 * and calls it again: most namespaces have processes, and these are quickly
 * read.  The caller frees the snapshot, also after an error.  Returns 0 or a
 * negative errno.
 */
int target_scan_until(const struct scan_request *request, target_look_fn *look, void *context,
		      struct snapshot *snapshot, struct error *err);

/* If the scan could not read everything, adds that as a hint to err; else returns false. */
bool target_hint_at_unseen(const struct snapshot *snapshot, struct error *err);

#endif
