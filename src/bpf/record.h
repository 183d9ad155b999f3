/* What the BPF programs tell: a stream of records, each headed by its kind. */
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
};

struct record_ns {
	uint64_t id;      /* 0: this kernel keeps none there (before Linux 6.18) */
	uint32_t inum;    /* the inode; 0: the task has left it */
	uint32_t owner;   /* the inode of its owner; of a user namespace, of its parent; 0: none */
	uint32_t creator; /* the user who made the owner; of a user namespace, who made it */
	uint32_t parent;  /* the inode of a pid namespace's parent; 0: none */
};

struct record_set {
	uint32_t kind;
	uint32_t number;  /* which tasks refer to; told again, one set may have several */
	uint64_t nsproxy; /* where it is in the kernel's memory; 0: a zombie has left it */
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
	uint64_t start_nsec; /* CLOCK_BOOTTIME of the machine's first time namespace */
};

struct record_file {
	uint32_t kind;
	uint32_t pid; /* of the thread that has it */
	uint32_t tgid;
	uint32_t fd;
	uint32_t inum;       /* of the namespace */
	uint32_t clone_flag; /* its type: CLONE_NEWNET and others */
	uint32_t is_socket;  /* of this net namespace; else it is the namespace's own file */
};

/* All slots fit the 64 KiB of locked memory that Linux before 5.11 gives who may not raise it. */
#define SET_SLOT_BITS 9
#define SET_SLOTS (1U << SET_SLOT_BITS)

/* A set that was told. */
struct told_set {
	uint64_t nsproxy; /* an address: to compare with */
	uint32_t inums[RECORD_LINKS];
	uint32_t number; /* 0: the slot is empty */
	uint32_t spare;
};

/* What a program keeps from one call to the next; all zero at first. */
struct program_state {
	uint32_t has_level;
	uint32_t level; /* of the reader's pid namespace; 0: the machine's first */
	uint32_t set_count;
	uint32_t spare;
	uint64_t scratch; /* of address_of() */
	struct {
		struct record_set set;
		struct record_task task;
	} record;                        /* what is told next: a program's stack is too small for it */
	struct told_set told[SET_SLOTS]; /* by hash; where two meet, each displaces the other */
};

#endif
