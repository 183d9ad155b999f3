/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One namespace: opened from a file, an inode or an id; and what the kernel reports of it. */
#ifndef NSCTL_NS_NS_H
#define NSCTL_NS_NS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "ns/type.h"

/* A namespace held open.  Identity is (nsfs device, inode); see namespaces(7). */
struct ns {
	int fd; /* nsfs; -1: nothing is open */
	enum ns_type type;
	dev_t dev;
	ino_t ino;
};

#define NS_CLOSED ((struct ns){.fd = -1})

/*
 * Stores the device of nsfs, the one file system that all namespaces are files of: no
 * other file with such an inode is a namespace.  Returns 0 or a negative errno.
 */
int ns_read_device(dev_t *dev);

/* Takes over fd, and fills ns; closes fd after an error.  Returns 0; -EINVAL if fd is no namespace. */
int ns_from_fd(int fd, struct ns *ns, struct error *err);

/*
 * Opens the namespace that the file at path is: a link of /proc/PID/ns, or a bind
 * mount of one.  Never opens anything else for reading: a FIFO or a device at path
 * stays untouched.
 */
int ns_open_path(const char *path, struct ns *ns, struct error *err);

/* The same below dir_fd, without err.  Returns 0; -EINVAL if it is no namespace; or another errno. */
int ns_open_at(int dir_fd, const char *path, struct ns *ns);

/*
 * Opens a namespace of the task behind a pidfd (Linux 6.11).  The links of
 * /proc/PID/ns can wait until the task's execve(2) ends (Linux 6.18); this does
 * not.  Returns 0 or a negative errno, on older kernels -ENOTTY or -EINVAL.
 */
int ns_open_of_pidfd(int pidfd, enum ns_link link, struct ns *ns);

/*
 * Opens the namespace with this 64-bit id, if the kernel can by the id alone: nsfs
 * file handles are available since Linux 6.18, but 6.18 itself requires the type
 * and the inode too.  Returns 0; -ENOTTY if the kernel has no namespace ids;
 * -ESTALE if it has no such namespace or requires more than the id.
 */
int ns_open_id(uint64_t id, struct ns *ns);

/* The same with the type and the inode, which 6.18 requires. */
int ns_open_handle(uint64_t id, enum ns_type type, ino_t ino, struct ns *ns);

void ns_close(struct ns *ns);

static inline void cleanup_ns(struct ns *ns)
{
	ns_close(ns);
}
#define AUTO_NS __attribute__((cleanup(cleanup_ns)))

/* Whether two open namespaces are one. */
bool ns_is_same(const struct ns *a, const struct ns *b);

/*
 * Returns the 64-bit id (NS_GET_ID, Linux 6.18; for a mnt namespace also
 * NS_GET_MNTNS_ID, Linux 6.11), or 0 if the kernel has none.
 */
uint64_t ns_read_id(const struct ns *ns);

/* Whether this kernel has an id for every namespace; ns: any namespace. */
bool ns_kernel_has_ids(const struct ns *ns);

/*
 * Open the user namespace that owns ns (NS_GET_USERNS, Linux 4.9; for a user
 * namespace, its parent), and the parent of a pid or user namespace
 * (NS_GET_PARENT, Linux 4.9).  Return 0; -EPERM if there is none, or it lies
 * outside the caller's own; or another negative errno.
 */
int ns_open_owner(const struct ns *ns, struct ns *owner);
int ns_open_parent(const struct ns *ns, struct ns *parent);

/*
 * Whether the owner of ns lies below the user namespace with this inode.  Returns 1, 0
 * or a negative errno.  The kernel opens nothing outside the caller's own user
 * namespace (EPERM): an owner above it is not below.
 */
int ns_is_owned_below(const struct ns *ns, ino_t user);

/* An owner or a parent: whether there is one, and which it is. */
enum relation_state {
	RELATION_UNKNOWN, /* not asked for, or it could not be read */
	RELATION_NONE,    /* an initial namespace has none; nor has a type without parents */
	RELATION_OUTSIDE, /* it lies outside the caller's own user or pid namespace */
	RELATION_KNOWN,
};

struct ns_relation {
	enum relation_state state;
	enum ns_type type; /* RELATION_KNOWN, as ino */
	ino_t ino;         /* else 0 */
};

/* As ns_open_owner() and ns_open_parent(), for any type.  The caller closes owner and parent. */
struct ns_relation ns_read_owner(const struct ns *ns, struct ns *owner);
struct ns_relation ns_read_parent(const struct ns *ns, struct ns *parent);

/* Stores the effective user that created a user namespace (NS_GET_OWNER_UID, Linux 4.11). */
int ns_read_owner_uid(const struct ns *ns, uid_t *uid);

/* Stores the number of mounts in a mnt namespace (NS_MNT_GET_INFO, Linux 6.12); -ENOTTY before. */
int ns_read_mount_count(const struct ns *ns, uint32_t *count);

/*
 * Whether process 1 of a pid namespace exists and can be seen from the caller's
 * (NS_GET_PID_FROM_PIDNS, Linux 6.11).  Returns 0; -ESRCH if not: without it no
 * process can be started there; or another negative errno, as before 6.11.
 */
int ns_check_init(const struct ns *ns);

/* Whether this is the initial user or pid namespace, which has no parent. */
bool ns_is_initial(enum ns_type type, ino_t ino);

#endif
