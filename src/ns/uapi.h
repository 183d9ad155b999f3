/* What newer kernels offer and the build machine's headers may not know, with the version of each. */
#ifndef NSCTL_NS_UAPI_H
#define NSCTL_NS_UAPI_H

#include <linux/close_range.h>
#include <linux/nsfs.h>
#include <linux/sockios.h>
#include <sched.h>
#include <stdint.h>
#include <sys/ioctl.h>

#ifndef CLONE_NEWTIME /* Linux 5.6 */
#define CLONE_NEWTIME 0x00000080
#endif

#ifndef CLOSE_RANGE_CLOEXEC /* Linux 5.11 */
#define CLOSE_RANGE_CLOEXEC (1U << 2)
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
	uint32_t ns_type; /* a CLONE_NEW* flag; 0 for any, where the kernel allows it */
	uint32_t ns_inum; /* 0 for any, where the kernel allows it */
};

/* The inodes of the first namespaces (include/linux/proc_ns.h, unchanged since Linux 3.8). */
#define NSCTL_INIT_USER_INO 0xEFFFFFFDU
#define NSCTL_INIT_PID_INO 0xEFFFFFFCU

#endif
