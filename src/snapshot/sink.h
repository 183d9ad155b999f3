/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The records that the sources of a scan emit, and the sink that takes them. */
#ifndef NSCTL_SNAPSHOT_SINK_H
#define NSCTL_SNAPSHOT_SINK_H

#include "snapshot/snapshot.h"

/*
 * A namespace, and what the source knows of it.  A source may emit the same
 * namespace several times; the first value of each field counts, but for refs
 * and is_stashed, which change: the last.
 */
struct sink_ns {
	enum ns_type type;
	ino_t ino;
	uint64_t id;               /* 0: not known */
	struct ns_relation owner;  /* a user namespace */
	struct ns_relation parent; /* of the same type */
	bool is_listed;            /* the kernel itself listed it */
	bool has_creator;          /* for each of these see struct snapshot_ns */
	uid_t creator;
	bool has_refs;
	bool is_stashed;
	uint32_t refs;
	bool has_netnsid;
	int netnsid;
};

/* The namespaces of one or more tasks; for each field see struct snapshot_set. */
struct sink_set {
	ino_t inodes[NS_LINK_COUNT]; /* of its links; 0 where there is none */
	uint64_t nsproxy;
	uint32_t refs;
	pid_t awaiting_pid;
};

/* A file, a socket or a mount; for each field see struct snapshot_holder. */
struct sink_holder {
	enum holder_kind kind;
	enum ns_type type; /* the namespace that it holds */
	ino_t ino;

	pid_t pid;
	pid_t tid;
	int fd;

	ino_t mnt_ns; /* 0: not known */
	uint64_t mount_id;
	const char *point; /* NULL: not known */
	bool is_cut;
};

/* Records about the scan as a whole; see the same names in struct snapshot. */
enum sink_note {
	NOTE_PROCESSES,
	NOTE_UNREADABLE,
	NOTE_VANISHED,
	NOTE_UNREADABLE_MOUNTS,
	NOTE_BROKEN_LIST,
	NOTE_HIDDEN,
	NOTE_LISTED,
	NOTE_COMPLETE,
	NOTE_OUTERMOST,
	NOTE_COUNT,
};

/*
 * Takes one record a call, which is valid during the call.  The functions return
 * 0 or a negative errno, which ends the scan.
 */
struct sink {
	void *context;
	int (*add_ns)(void *context, const struct sink_ns *ns);
	/* Stores the number by which tasks refer to the set. */
	int (*add_set)(void *context, const struct sink_set *set, uint32_t *number);
	int (*add_task)(void *context, const struct snapshot_task *task);
	int (*add_holder)(void *context, const struct sink_holder *holder);
	/* So many more holders of a kind, which are not emitted one by one. */
	int (*add_more)(void *context, enum holder_kind kind, enum ns_type type, ino_t ino, uint64_t count);
	/* Adds count to what was noted before. */
	void (*add_note)(void *context, enum sink_note note, size_t count);
	/* After the last task. */
	int (*end_tasks)(void *context);
	/*
	 * The records added so far; for example, mounts are searched in the mnt
	 * namespaces of the tasks.  Empty in a sink that keeps nothing.
	 */
	const struct snapshot *known;
};

/* The sink that fills a snapshot, which is borrowed. */
struct sink snapshot_sink(struct snapshot *snapshot);

#endif
