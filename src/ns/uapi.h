/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Interfaces of newer kernels that the build machine's headers may lack, with their versions. */
#ifndef NSCTL_NS_UAPI_H
#define NSCTL_NS_UAPI_H

#include <linux/close_range.h>
#include <linux/magic.h>
#include <linux/nsfs.h>
#include <linux/sockios.h>
#include <sched.h>
#include <stdint.h>
#include <sys/ioctl.h>

#ifndef NSFS_MAGIC
#define NSFS_MAGIC 0x6e736673
#endif

#ifndef RAMFS_MAGIC
#define RAMFS_MAGIC 0x858458f6
#endif

#ifndef CLONE_NEWTIME /* Linux 5.6 */
#define CLONE_NEWTIME 0x00000080
#endif

#ifndef CLOSE_RANGE_CLOEXEC /* Linux 5.11 */
#define CLOSE_RANGE_CLOEXEC (1U << 2)
#endif

#ifndef MFD_EXEC /* Linux 6.3 */
#define MFD_EXEC 0x0010U
#endif

#ifndef SIOCGSKNS /* Linux 4.9: the network namespace of a socket */
#define SIOCGSKNS 0x894C
#endif

#ifndef PIDFD_THREAD /* Linux 6.9: pidfd_open(2) of a thread; the same bit as O_EXCL */
#define PIDFD_THREAD 00000200
#endif

#ifndef PIDFD_GET_USER_NAMESPACE /* Linux 6.11 */
#define PIDFD_GET_USER_NAMESPACE _IO(0xFF, 9)
#endif

#ifndef NS_GET_PID_FROM_PIDNS /* Linux 6.11 */
#define NS_GET_PID_FROM_PIDNS _IOR(NSIO, 0x6, int)
#endif

#ifndef NS_GET_MNTNS_ID /* Linux 6.11 */
#define NS_GET_MNTNS_ID _IOR(NSIO, 0x5, uint64_t)
#endif

#ifndef NS_MNT_GET_INFO /* Linux 6.12 */
struct mnt_ns_info {
	uint32_t size;
	uint32_t nr_mounts;
	uint64_t mnt_ns_id;
};
#define NS_MNT_GET_INFO _IOR(NSIO, 10, struct mnt_ns_info)
#define NS_MNT_GET_NEXT _IOR(NSIO, 11, struct mnt_ns_info)
#define NS_MNT_GET_PREV _IOR(NSIO, 12, struct mnt_ns_info)
#endif

#ifndef NS_GET_ID /* Linux 6.18: an id that is unique for the boot, of any namespace */
#define NS_GET_ID _IOR(NSIO, 13, uint64_t)
#endif

/* Linux 6.18: a descriptor of nsfs's root, for open_by_handle_at(2). */
#define NSCTL_FD_NSFS_ROOT (-10003)

/* Linux 6.18: the handle that name_to_handle_at(2) gives for an nsfs file. */
#define NSCTL_FILEID_NSFS 0xf1
struct nsctl_nsfs_file_handle {
	uint64_t ns_id;
	uint32_t ns_type; /* a CLONE_NEW* flag; 0 for any, if the kernel allows it */
	uint32_t ns_inum; /* 0 for any, if the kernel allows it */
};

/* Linux 6.19: the ids of namespaces, in their order. */
#define NSCTL_SYS_LISTNS 470
struct nsctl_ns_id_req {
	uint32_t size;
	uint32_t spare;
	uint64_t ns_id;   /* continue behind this one; 0: from the first */
	uint32_t ns_type; /* CLONE_NEW* flags; 0 for all */
	uint32_t spare2;
	uint64_t user_ns_id; /* of this owner only; 0 for all */
};

/* Linux 6.8; of another mnt namespace than the caller's, Linux 6.11. */
#define NSCTL_SYS_STATMOUNT 457
#define NSCTL_SYS_LISTMOUNT 458
struct nsctl_mnt_id_req {
	uint32_t size;
	uint32_t spare;
	uint64_t mnt_id;
	uint64_t param; /* statmount: what to report; listmount: continue behind this mount */
	uint64_t mnt_ns_id;
};
#define NSCTL_LSMT_ROOT UINT64_MAX /* all mounts of the mnt namespace */
#define NSCTL_STATMOUNT_SB_BASIC 0x00000001U
#define NSCTL_STATMOUNT_MNT_BASIC 0x00000002U
#define NSCTL_STATMOUNT_MNT_ROOT 0x00000008U
#define NSCTL_STATMOUNT_MNT_POINT 0x00000010U
struct nsctl_statmount {
	uint32_t size;
	uint32_t mnt_opts;
	uint64_t mask;
	uint32_t sb_dev_major;
	uint32_t sb_dev_minor;
	uint64_t sb_magic;
	uint32_t sb_flags;
	uint32_t fs_type;
	uint64_t mnt_id;
	uint64_t mnt_parent_id;
	uint32_t mnt_id_old; /* as /proc/PID/mountinfo has it */
	uint32_t mnt_parent_id_old;
	uint64_t mnt_attr;
	uint64_t mnt_propagation;
	uint64_t mnt_peer_group;
	uint64_t mnt_master;
	uint64_t propagate_from;
	uint32_t mnt_root;  /* its offset in text */
	uint32_t mnt_point; /* the same */
	uint64_t spare[50];
	char text[];
};

/* The inodes of the first namespaces (include/linux/proc_ns.h, unchanged since Linux 3.8). */
#define NSCTL_INIT_USER_INO 0xEFFFFFFDU
#define NSCTL_INIT_PID_INO 0xEFFFFFFCU
#define NSCTL_INIT_TIME_INO 0xEFFFFFFAU /* Linux 5.6 */

#endif
