/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ns/ns.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "ns/uapi.h"

/* Fills ns from an nsfs descriptor, without taking it over. */
static int identify(int fd, struct ns *ns)
{
	struct stat st;
	int flag = ioctl(fd, NS_GET_NSTYPE);

	if (flag < 0)
		return errno == ENOTTY ? -EINVAL : -errno;
	if (!ns_type_from_clone_flag(flag, &ns->type))
		return -ENOTSUP;
	if (fstat(fd, &st) < 0)
		return -errno;
	ns->dev = st.st_dev;
	ns->ino = st.st_ino;
	return 0;
}

static bool is_nsfs(int fd)
{
	struct statfs fs;

	return fstatfs(fd, &fs) == 0 && (unsigned long)fs.f_type == NSFS_MAGIC;
}

/* Takes over fd, a namespace; closes it after an error. */
static int adopt_namespace(int fd, struct ns *ns)
{
	int ret = identify(fd, ns);

	if (ret < 0) {
		close(fd);
		ns->fd = -1;
		return ret;
	}
	ns->fd = fd;
	return 0;
}

/* The same for any descriptor. */
static int adopt(int fd, struct ns *ns)
{
	if (is_nsfs(fd))
		return adopt_namespace(fd, ns);
	close(fd);
	ns->fd = -1;
	return -EINVAL;
}

int ns_read_device(dev_t *dev)
{
	struct stat st;

	/* Every kernel has mnt namespaces. */
	if (stat("/proc/self/ns/mnt", &st) < 0)
		return -errno;
	*dev = st.st_dev;
	return 0;
}

int ns_from_fd(int fd, struct ns *ns, struct error *err)
{
	int ret = adopt(fd, ns);

	if (ret < 0)
		return error_set(err, -ret, "not a namespace");
	return 0;
}

int ns_open_at(int dir_fd, const char *path, struct ns *ns)
{
	AUTO_CLOSE int found = openat(dir_fd, path, O_PATH | O_CLOEXEC);
	char again[64];
	int fd;

	ns->fd = -1;
	if (found < 0)
		return -errno;
	if (!is_nsfs(found))
		return -EINVAL;
	snprintf(again, sizeof(again), "/proc/self/fd/%d", found);
	fd = open(again, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : adopt_namespace(fd, ns);
}

/* PIDFD_GET_CGROUP_NAMESPACE and the others have the order of the links. */
#define PIDFD_GET_NAMESPACE(link) _IO(0xFF, 1 + (link))
_Static_assert(PIDFD_GET_NAMESPACE(NS_LINK_USER) == PIDFD_GET_USER_NAMESPACE, "the order of the links");

int ns_open_of_pidfd(int pidfd, enum ns_link link, struct ns *ns)
{
	int fd = ioctl(pidfd, PIDFD_GET_NAMESPACE(link), 0L);

	ns->fd = -1;
	return fd < 0 ? -errno : adopt_namespace(fd, ns);
}

int ns_open_path(const char *path, struct ns *ns, struct error *err)
{
	int ret = ns_open_at(AT_FDCWD, path, ns);

	if (ret == 0)
		return 0;
	if (ret == -EINVAL) {
		error_set(err, EINVAL, "'%.400s' is not a namespace", path);
		return error_hint(err, "a namespace file is a link of /proc/PID/ns, or a bind mount of one");
	}
	error_set_errno(err, -ret, "cannot open '%.400s'", path);
	if (ret == -EACCES)
		error_hint(err, "run as root, or as the user who owns the process");
	return ret;
}

int ns_open_handle(uint64_t id, enum ns_type type, ino_t ino, struct ns *ns)
{
	struct {
		struct file_handle head;
		struct nsctl_nsfs_file_handle body;
	} handle = {
	    .head = {.handle_bytes = sizeof(handle.body), .handle_type = NSCTL_FILEID_NSFS},
	    .body = {.ns_id = id, .ns_inum = (uint32_t)ino},
	};
	int fd;

	if (ino != 0)
		handle.body.ns_type = (uint32_t)ns_type_clone_flag(type);
	fd = open_by_handle_at(NSCTL_FD_NSFS_ROOT, &handle.head, O_RDONLY | O_CLOEXEC);
	ns->fd = -1;
	if (fd < 0)
		return errno == EBADF ? -ENOTTY : -errno;
	return adopt(fd, ns);
}

int ns_open_id(uint64_t id, struct ns *ns)
{
	return ns_open_handle(id, NS_TYPE_COUNT, 0, ns);
}

void ns_close(struct ns *ns)
{
	cleanup_close(&ns->fd);
	ns->fd = -1;
}

bool ns_is_same(const struct ns *a, const struct ns *b)
{
	return a->dev == b->dev && a->ino == b->ino;
}

bool ns_kernel_has_ids(const struct ns *ns)
{
	uint64_t id;

	return ioctl(ns->fd, NS_GET_ID, &id) == 0;
}

uint64_t ns_read_id(const struct ns *ns)
{
	uint64_t id = 0;

	if (ioctl(ns->fd, NS_GET_ID, &id) == 0)
		return id;
	if (ns->type == NS_MNT && ioctl(ns->fd, NS_GET_MNTNS_ID, &id) == 0)
		return id;
	return 0;
}

static int open_related(const struct ns *ns, unsigned long request, struct ns *related)
{
	int fd = ioctl(ns->fd, request);

	related->fd = -1;
	if (fd < 0)
		return -errno;
	return adopt_namespace(fd, related);
}

int ns_open_owner(const struct ns *ns, struct ns *owner)
{
	return open_related(ns, NS_GET_USERNS, owner);
}

int ns_open_parent(const struct ns *ns, struct ns *parent)
{
	return open_related(ns, NS_GET_PARENT, parent);
}

int ns_is_owned_below(const struct ns *ns, ino_t user)
{
	AUTO_NS struct ns owner = NS_CLOSED;
	bool has_climbed = false;
	int ret = ns_open_owner(ns, &owner);

	for (; ret == 0 && owner.ino != user; has_climbed = true) {
		struct ns parent;

		ret = ns_open_parent(&owner, &parent);
		if (ret < 0)
			break;
		ns_close(&owner);
		owner = parent;
	}
	if (ret < 0)
		return ret == -EPERM ? 0 : ret;
	return has_climbed;
}

int ns_read_owner_uid(const struct ns *ns, uid_t *uid)
{
	return ioctl(ns->fd, NS_GET_OWNER_UID, uid) < 0 ? -errno : 0;
}

int ns_read_mount_count(const struct ns *ns, uint32_t *count)
{
	struct mnt_ns_info info = {.size = sizeof(info)};

	if (ioctl(ns->fd, NS_MNT_GET_INFO, &info) < 0)
		return -errno;
	*count = info.nr_mounts;
	return 0;
}

int ns_check_init(const struct ns *ns)
{
	return ioctl(ns->fd, NS_GET_PID_FROM_PIDNS, 1) < 0 ? -errno : 0;
}

bool ns_is_initial(enum ns_type type, ino_t ino)
{
	return (type == NS_USER && ino == NSCTL_INIT_USER_INO) ||
	       (type == NS_PID && ino == NSCTL_INIT_PID_INO);
}

/* The kernel answers EPERM both for "none" and for "outside": see ioctl_ns(2). */
static struct ns_relation make_relation(int opened, bool can_be_none, const struct ns *related)
{
	if (opened == 0)
		return (struct ns_relation){RELATION_KNOWN, related->type, related->ino};
	if (opened != -EPERM)
		return (struct ns_relation){.state = RELATION_UNKNOWN};
	return (struct ns_relation){.state = can_be_none ? RELATION_NONE : RELATION_OUTSIDE};
}

struct ns_relation ns_read_owner(const struct ns *ns, struct ns *owner)
{
	bool can_be_none = ns->type == NS_USER && ns_is_initial(ns->type, ns->ino);

	return make_relation(ns_open_owner(ns, owner), can_be_none, owner);
}

struct ns_relation ns_read_parent(const struct ns *ns, struct ns *parent)
{
	*parent = NS_CLOSED;
	if (ns->type != NS_PID && ns->type != NS_USER)
		return (struct ns_relation){.state = RELATION_NONE};
	return make_relation(ns_open_parent(ns, parent), ns_is_initial(ns->type, ns->ino), parent);
}
