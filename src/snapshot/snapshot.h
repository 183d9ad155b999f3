/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The result of one scan: namespaces, the tasks in them, and whatever else holds them. */
#ifndef NSCTL_SNAPSHOT_SNAPSHOT_H
#define NSCTL_SNAPSHOT_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/map.h"
#include "ns/ns.h"
#include "snapshot/unanswered.h"

/* Namespaces, sets, tasks and holders refer to each other by index; this is "none". */
#define SNAPSHOT_NONE MAP_NONE

/* The kinds of holder that keep a namespace alive, by importance. */
enum holder_kind {
	HOLDER_PROCESS,      /* a process whose leader is in it */
	HOLDER_THREAD,       /* a thread that left its leader's */
	HOLDER_FOR_CHILDREN, /* a task whose next child will be in it */
	HOLDER_FILE,         /* an open file */
	HOLDER_SOCKET,       /* a socket of a process that is in another net namespace */
	HOLDER_PROC_NET,     /* an open file of /proc/net, the same */
	HOLDER_RING,         /* a fixed file of an io_uring */
	HOLDER_DETACHED,     /* a mount in a tree that is mounted nowhere, which an open file holds */
	HOLDER_MOUNT,        /* a bind mount */
	HOLDER_CHILD,        /* a pid or user namespace whose parent it is */
	HOLDER_OWNED,        /* a namespace that it owns */
	HOLDER_KERNEL,       /* the kernel lists it, and nothing else explains it */
	HOLDER_KIND_COUNT,
};

struct snapshot_relation {
	enum relation_state state;
	uint32_t ns; /* RELATION_KNOWN */
};

/*
 * One process or one mnt namespace can hold a namespace by any number of
 * files, sockets or mounts: the first of each are kept, the rest is counted.
 */
#define HOLDERS_OF_ONE 100   /* kept for each process, or mnt namespace, and kind */
#define HOLDERS_OF_ALL 10000 /* kept for each namespace and kind */

struct holder_tally {
	uint32_t kept;
	uint32_t holder; /* the process or mnt namespace that the last was of */
	uint32_t of_holder;
	uint64_t more; /* see snapshot_count_more() */
};

struct snapshot_ns {
	enum ns_type type;
	ino_t ino;
	uint64_t id; /* 0: the kernel has none, or it was not asked for */
	struct snapshot_relation owner;
	struct snapshot_relation parent;
	uid_t creator; /* the effective user that created the owner; for a user namespace: that created it */
	bool has_creator; /* creator could be read */
	bool is_listed;   /* the kernel itself listed it */
	bool has_refs;    /* the next two could be read */
	bool is_stashed;  /* an nsfs file of it is open or mounted somewhere */
	uint32_t refs;    /* the kernel's reference count; an nsproxy is 1, however many tasks share it */
	bool has_netnsid; /* of a net namespace: netnsid could be read */
	int netnsid;      /* NETNSID_UNASSIGNED, or the number that the caller's has for it */

	/* By snapshot_count_tasks(). */
	uint32_t process_count; /* by leader, as lsns(8) counts */
	uint32_t task_count;
	uint32_t first_task;         /* of the process with the lowest pid; else of the first thread */
	uint32_t first_for_children; /* the first task of a set whose children, not itself, will be in it */
	/* By snapshot_finish(). */
	uint32_t first_holder; /* the head of a list: files, sockets, mounts, each by number */
	uint32_t kinds;        /* one bit for each holder_kind that there is */

	struct holder_tally tallies[HOLDER_MOUNT - HOLDER_FILE + 1];
};

/*
 * The namespaces of one task together, as an nsproxy and the credentials hold
 * them.  Without the nsproxy, which procfs does not report, tasks whose ten links
 * are equal are in one set.
 */
struct snapshot_set {
	uint32_t ns[NS_LINK_COUNT]; /* SNAPSHOT_NONE: a zombie has left it, or it was not asked for */
	uint32_t process_count;     /* by leader */
	uint32_t task_count;
	uint32_t first_task; /* as in snapshot_ns */
	uint64_t nsproxy;    /* its address; 0: the engine does not report it */
	uint32_t refs;       /* with nsproxy: its count */
	/*
	 * The PID of the task whose pid_for_children has no process yet: procfs does
	 * not report which namespace that is, but no other task has the same.  0: none.
	 */
	pid_t awaiting_pid;
};

/* A thread; its process's leader where pid and tgid are the same. */
struct snapshot_task {
	pid_t pid;
	pid_t tgid;
	uint32_t set;
	/* Not reported by every engine; see scan_details(). */
	pid_t ppid;            /* 0: none that the caller sees; -1: not reported */
	bool is_kernel_thread; /* with start_nsec */
	bool is_exiting;       /* with start_nsec: only such a task can be a zombie */
	uint64_t start_nsec;   /* CLOCK_BOOTTIME; 0: not reported */
};

/* A file, a socket or a bind mount. */
struct snapshot_holder {
	enum holder_kind kind;
	uint32_t ns;
	uint32_t next; /* holder of the same namespace */

	/* HOLDER_FILE to HOLDER_DETACHED; pid is 0 where it is not known what holds a tree. */
	pid_t pid; /* the process that has it open */
	pid_t tid; /* a thread that has a table of descriptors of its own; 0: the process's */
	int fd;    /* its number there */

	/* HOLDER_MOUNT */
	uint32_t mnt_ns;       /* where it is mounted; SNAPSHOT_NONE: not known */
	uint64_t mount_id;     /* as /proc/PID/mountinfo has it */
	uint32_t point_offset; /* see snapshot_mount_point() */
	bool is_cut;           /* the point is longer than what is kept of it */
};

struct snapshot {
	struct snapshot_ns *namespaces;
	size_t ns_count;
	struct snapshot_set *sets;
	size_t set_count;
	struct snapshot_task *tasks; /* by tgid; a process's leader comes first, its threads by pid */
	size_t task_count;
	struct snapshot_holder *holders;
	size_t holder_count;

	uint64_t taken;       /* when, by CLOCK_BOOTTIME; in seconds */
	bool is_listed;       /* the kernel listed all namespaces except those that only a socket holds */
	bool is_complete;     /* it listed all that exist, whatever holds them */
	bool is_outermost;    /* the caller is in the initial pid namespace, which has all processes */
	bool has_broken_list; /* a list of the kernel changed too quickly to be walked to its end */
	bool has_hidden;      /* /proc hides the processes of other users (hidepid) */
	size_t processes;     /* that were found */
	size_t unreadable;    /* of these, those whose namespaces this user may not read */
	size_t vanished;      /* processes of the last listing of /proc that ended before they were read */
	size_t unreadable_mounts;      /* mnt namespaces whose mounts this user may not read */
	struct unanswered *unanswered; /* NULL: nothing was scanned */

	/* For the implementation. */
	size_t ns_capacity;
	size_t set_capacity;
	size_t task_capacity;
	size_t holder_capacity;
	char *points;
	size_t points_length;
	size_t points_capacity;
	struct map ns_by_key;
	struct map ns_by_id;
	struct map set_by_hash;
	struct map thread_by_tid; /* threads that lead no process */
};

/* An all-zero snapshot is empty. */
void snapshot_free(struct snapshot *snapshot);
#define AUTO_SNAPSHOT __attribute__((cleanup(snapshot_free)))

/* By type, too: a freed inode may be reused within one scan by a namespace of another type. */
static inline uint64_t snapshot_ns_key(enum ns_type type, ino_t ino)
{
	return (uint64_t)type << 32 | (uint32_t)ino;
}

/* The index of a namespace, or SNAPSHOT_NONE. */
uint32_t snapshot_find_ns(const struct snapshot *snapshot, enum ns_type type, ino_t ino);

/* The same for a namespace of any of these types. */
uint32_t snapshot_find_inode(const struct snapshot *snapshot, ns_type_set types, ino_t ino);

/* The index of the namespace with this 64-bit id, or SNAPSHOT_NONE. */
uint32_t snapshot_find_id(const struct snapshot *snapshot, uint64_t id);

/* The index of the task, or SNAPSHOT_NONE. */
uint32_t snapshot_find_task(const struct snapshot *snapshot, pid_t pid);

/* Whether two sets have the same namespaces; their nsproxies may differ. */
bool snapshot_has_same_ns(const struct snapshot *snapshot, uint32_t one, uint32_t other);

/* Whether the task itself is in the namespace. */
bool snapshot_task_is_in(const struct snapshot *snapshot, uint32_t task, uint32_t ns);

/* Whether the task is elsewhere, and its next child will be in the namespace. */
bool snapshot_task_has_for_children(const struct snapshot *snapshot, uint32_t task, uint32_t ns);

/* The namespace behind a link of a task; SNAPSHOT_NONE: not known. */
uint32_t snapshot_task_ns(const struct snapshot *snapshot, uint32_t task, enum ns_link link);

/* The link by which the task is in the namespace, or will be by its children. */
enum ns_link snapshot_task_link(const struct snapshot *snapshot, uint32_t task, uint32_t ns);

/* Whether the task leads its process. */
static inline bool snapshot_is_leader(const struct snapshot_task *task)
{
	return task->pid == task->tgid;
}

/* How many files, sockets or mounts hold the namespace beside those that are kept. */
uint64_t snapshot_count_more(const struct snapshot_ns *ns, enum holder_kind kind);

/* The path of a bind mount, as seen from the root of its mnt namespace. */
const char *snapshot_mount_point(const struct snapshot *snapshot, const struct snapshot_holder *holder);

/* "process", "for-children", "file". */
const char *holder_kind_name(enum holder_kind kind);

#endif
