/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The output of the BPF programs: a stream of records, each of which begins with its kind. */
#ifndef NSCTL_BPF_RECORD_H
#define NSCTL_BPF_RECORD_H

#ifdef __bpf__
typedef int int32_t;
typedef unsigned int uint32_t;
typedef long long int64_t;
typedef unsigned long long uint64_t;
#else
#include <stdint.h>
#endif

/* The order is that of enum ns_link. */
enum record_link {
	RECORD_CGROUP,
	RECORD_IPC,
	RECORD_MNT,
	RECORD_NET,
	RECORD_PID,
	RECORD_PID_FOR_CHILDREN,
	RECORD_TIME,
	RECORD_TIME_FOR_CHILDREN,
	RECORD_USER,
	RECORD_UTS,
	RECORD_LINKS,
};

enum record_kind {
	RECORD_SET = 1, /* the tasks that follow are in these namespaces */
	RECORD_TASK,
	RECORD_FILE,
	RECORD_SHARED_TABLE,
};

struct record_ns {
	uint64_t id;      /* 0: not available before Linux 6.18 */
	uint32_t inum;    /* the inode; 0: the task has left it */
	uint32_t owner;   /* the inode of its owner; of a user namespace, of its parent; 0: none */
	uint32_t creator; /* the user who made the owner; of a user namespace, who made it */
	uint32_t parent;  /* the inode of a pid namespace's parent; 0: none */
};

struct record_set {
	uint32_t kind;
	uint32_t number;  /* which tasks refer to; a set that is emitted again gets another */
	uint64_t nsproxy; /* its address; 0: a zombie has left it */
	uint32_t refs;    /* the count of the nsproxy */
	uint32_t spare;
	struct record_ns ns[RECORD_LINKS];
};

/* In place of a set's number: the task changed its nsproxy each time that it was read. */
#define RECORD_SET_CHANGES 0xffffffffU

struct record_task {
	uint32_t kind;
	uint32_t set; /* the number of one that was emitted before, or RECORD_SET_CHANGES */
	uint32_t pid; /* a thread's; all numbers as seen from the reader's pid namespace */
	uint32_t tgid;
	uint32_t ppid;       /* 0: none that the reader sees */
	uint32_t flags;      /* PF_KTHREAD and others; see include/linux/sched.h */
	uint64_t start_nsec; /* CLOCK_BOOTTIME of the initial time namespace */
};

/* How a file holds a namespace. */
enum record_how {
	RECORD_NSFS,     /* it is the namespace's own file */
	RECORD_SOCKET,   /* it is a socket of this net namespace */
	RECORD_PROC_NET, /* it is a file of /proc/net, of this net namespace */
	RECORD_RING,     /* it is an io_uring, which has the namespace's own file as a fixed file */
	RECORD_DETACHED, /* it lies in a tree that is mounted nowhere */
};

struct record_file {
	uint32_t kind;
	uint32_t pid; /* of the thread that has it */
	uint32_t tgid;
	uint32_t fd;
	uint32_t inum;       /* of the namespace */
	uint32_t clone_flag; /* its type: CLONE_NEWNET and others */
	uint32_t how;
	uint32_t is_own_table; /* the table of descriptors is the thread's own, not that of its process */
	uint64_t mnt_ns;       /* RECORD_DETACHED: the address of the tree's mnt namespace */
};

/* All slots fit the 64 KiB of locked memory that are the default before Linux 5.11. */
#define SET_SLOT_BITS 9
#define SET_SLOTS (1U << SET_SLOT_BITS)

/* A set that was emitted. */
struct emitted_set {
	uint64_t nsproxy; /* an address: to compare with */
	uint32_t inums[RECORD_LINKS];
	uint32_t number; /* 0: the slot is empty */
	uint32_t spare;
};

/* A process that shares the table of descriptors of another, whose files were emitted. */
struct record_shared_table {
	uint32_t kind;
	uint32_t tgid;
	uint32_t owner; /* the tgid of the other */
	uint32_t spare;
};

/* A table of descriptors whose files were emitted, and the thread that has it. */
struct seen_table {
	uint64_t files;
	uint32_t pid;
	uint32_t last;  /* the last other thread that has it, too */
	uint32_t owner; /* the number of the first one's process, as the reader sees it */
	uint32_t spare;
	uint64_t task; /* the address of the first one */
};

#define TABLE_SLOT_BITS 9
#define TABLE_SLOTS (1U << TABLE_SLOT_BITS)

#define RECORD_PROC_FILES 2

/* Input and state of the program for files; the first two are those of struct program_state. */
struct files_state {
	uint32_t has_level;
	uint32_t level;
	/* Files of /proc/net that the reader has open: all others have the operations of one of them. */
	uint32_t proc_fds[RECORD_PROC_FILES];
	uint32_t wants_detached;
	uint32_t has_operations;
	uint64_t operations[RECORD_PROC_FILES];
	uint64_t scratch; /* of address_of() */
	int64_t entry;    /* from an inode of procfs to the pointer to its entry */
	int64_t mnt_ns;   /* from a struct vfsmount to the pointer to its mnt namespace */
	struct seen_table
	    tables[TABLE_SLOTS]; /* by hash; of two with the same slot, each displaces the other */
};

/* The state of a program between its calls; all zero at first. */
struct program_state {
	uint32_t has_level;
	uint32_t level; /* of the reader's pid namespace; 0: the initial one */
	uint32_t set_count;
	uint32_t spare;
	uint64_t scratch; /* of address_of() */
	struct {
		struct record_set set;
		struct record_task task;
	} record; /* what is emitted next: a program's stack is too small for it */
	struct emitted_set
	    emitted[SET_SLOTS]; /* by hash; of two with the same slot, each displaces the other */
};

#endif
