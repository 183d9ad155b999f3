/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's own lists of namespaces: input, state and records of the programs that walk them. */
#ifndef NSCTL_BPF_WALK_H
#define NSCTL_BPF_WALK_H

#include "bpf/record.h"

/* The order is that of enum ns_type. */
enum walk_type {
	WALK_CGROUP,
	WALK_IPC,
	WALK_MNT,
	WALK_NET,
	WALK_PID,
	WALK_TIME,
	WALK_USER,
	WALK_UTS,
	WALK_TYPES,
};

/*
 * The offset of a field that this kernel does not have: added to an address, it
 * leads outside of all memory, where reads return 0.  That needs no branch, each of
 * which doubles the work of the verifier.  x86 faults where bits 47 to 63 differ (56
 * to 63 with five levels).  arm64 may ignore bits 56 to 63 (TBI); of a kernel address,
 * the sum has bit 55 clear and bit 54 set, where no user address reaches.
 */
#define WALK_MISSING (1LL << 61 | 1LL << 54)

/* The offsets of this kernel, in bytes; see fields.h. */
struct walk_layout {
	/* By type, from its struct ns_common on. */
	int64_t object[WALK_TYPES];  /* back to the structure of the type */
	int64_t node[WALK_TYPES];    /* of the list */
	int64_t refs[WALK_TYPES];    /* the count that keeps it alive */
	int64_t id[WALK_TYPES];      /* 64-bit id, Linux 6.18; a net namespace's cookie before */
	int64_t owner[WALK_TYPES];   /* the pointer to the owner; of a user namespace, to its parent */
	int64_t parent[WALK_TYPES];  /* the pointer to a pid namespace's parent */
	int64_t creator[WALK_TYPES]; /* of a user namespace, who made it */
	int64_t inum, ops, stashed, type;
	int64_t ops_type; /* before Linux 6.18, in its operations */
	/* By type: from the task to the nsproxy or cred, and on to the reader's own. */
	int64_t task[WALK_TYPES];
	int64_t nsproxy[WALK_TYPES];
	uint64_t flag[WALK_TYPES]; /* CLONE_NEWNET */

	int64_t user_inum, user_owner;
	int64_t task_files, files_table, table_files, file_inode, inode_super, inode_private, dentry_inode;
	int64_t ipc_mount, mount_super, mount_root; /* mount_…: in struct vfsmount */
	int64_t super_type, super_node, super_info, super_mounts, type_supers;
	/*
	 * In struct mount.  Until Linux 6.16 a list with a head, of nodes within
	 * the mounts; since, a chain of mounts that ends with NULL.
	 */
	int64_t mount_node, mount_next;
	int64_t mount, mount_ns, mount_id;
	int64_t mnt_inum;
	uint64_t is_chain;
};

/* Input, position and result of a walk. */
struct walk_state {
	struct walk_layout layout;
	uint64_t nsfs_fd; /* an nsfs file of the reader's */
	uint64_t wanted;  /* types; one bit for each */

	uint32_t count;   /* of records */
	uint32_t is_full; /* there were more than fit */
	uint32_t done;    /* what was walked to its end; one bit for each type, or 1 */
	uint32_t is_over;
	uint32_t type;       /* whose list is walked now */
	uint32_t heads;      /* met in it: each list has one */
	uint64_t at;         /* the address of a node; 0: not begun */
	uint64_t start;      /* of the list, and its end */
	uint64_t operations; /* of the type: only namespaces have them, not the head of the list */
};

struct walk_record {
	uint64_t id;         /* as in struct walk_layout; 0: none */
	uint32_t clone_flag; /* CLONE_NEWNET and others */
	uint32_t inum;
	uint32_t owner;         /* the inode of its owner; of a user namespace, of its parent; 0: none */
	uint32_t owner_creator; /* the user who made the owner */
	uint32_t creator;       /* of a user namespace, who made it */
	uint32_t parent;        /* the inode of a pid namespace's parent; 0: none */
	uint32_t refs;          /* its reference count; 0: it is being freed */
	uint32_t is_stashed;    /* an nsfs file of it is open or mounted somewhere */

	/* A mount. */
	uint32_t mount_id; /* as in /proc/PID/mountinfo */
	uint64_t mnt_ns;   /* the address of the mnt namespace that it is in */
	uint32_t mnt_inum; /* its inode; 0: none */
	uint32_t spare;
};

/* The inode of an anonymous mnt namespace, as of a detached tree (MNT_NS_ANON_INO, Linux 6.16); 0 before. */
#define WALK_ANONYMOUS_INUM 0xeffffff7U

/* The map of the records; its descriptor takes the place of the mark. */
#define RECORDS_MARK 0x6e7363746c000001ULL

#endif
