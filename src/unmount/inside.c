/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unmount/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "query/mount_root.h"

/*
 * The owner of a user namespace has all capabilities in it, and must join it to use them.
 * Root inside could then trace this process, if both are in one pid namespace.
 */
static int join_owner(const struct ns *mnt)
{
	AUTO_NS struct ns owner = NS_CLOSED;

	if (ns_open_owner(mnt, &owner) < 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 ||
	    setns(owner.fd, CLONE_NEWUSER) < 0)
		return -EPERM;
	return setns(mnt->fd, CLONE_NEWNS) < 0 ? -errno : 0;
}

int inside_enter(struct inside *inside)
{
	int ret;

	inside->outer_fd = inside->is_own ? open("/", O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
	inside->fds_fd = openat(inside->proc_fd, "self/fd", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (inside->fds_fd < 0)
		return -errno;
	ret = setns(inside->mnt.fd, CLONE_NEWNS) < 0 ? -errno : 0;
	/* The caller's own has to be entered only to see what lies outside the caller's root. */
	if (ret == -EPERM)
		ret = inside->is_own ? 0 : join_owner(&inside->mnt);
	if (ret < 0)
		return ret;
	inside->root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return inside->root_fd < 0 ? -errno : 0;
}

static int open_part(int dir_fd, const char *path, uint64_t resolve)
{
	int fd = finder_open_cached(dir_fd, path, resolve);

	return fd == -EAGAIN ? finder_open_uncached(dir_fd, path, resolve) : fd;
}

/* The length of the part of a path that one call takes, whole names only; 0 if a name is too long. */
static size_t part_length(const char *path)
{
	size_t length = strnlen(path, PATH_MAX - 1);

	if (path[length] == '\0')
		return length;
	while (length > 0 && path[length - 1] != '/')
		length--;
	return length;
}

int inside_open(int dir_fd, const char *path, uint64_t resolve)
{
	AUTO_CLOSE int fd = -1;
	char part[PATH_MAX];

	path += strspn(path, "/");
	do {
		size_t length = part_length(path);
		int next;

		if (length == 0 && *path)
			return -ENAMETOOLONG;
		memcpy(part, path, length);
		part[length] = '\0';
		path += length;
		next = open_part(fd < 0 ? dir_fd : fd, *part ? part : ".", resolve | RESOLVE_NO_SYMLINKS);
		if (next < 0)
			return next;
		cleanup_close(&fd);
		fd = next;
	} while (*path);
	return take_fd(&fd);
}

int inside_identify(int fd, struct place *place)
{
	const int flags = AT_EMPTY_PATH | AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT;
	struct statx st;

	if (syscall(SYS_statx, fd, "", flags, STATX_INO | STATX_MNT_ID, &st) < 0)
		return -errno;
	if (!(st.stx_mask & STATX_MNT_ID))
		return -ENOSYS;
	place->dev_major = st.stx_dev_major;
	place->dev_minor = st.stx_dev_minor;
	place->ino = st.stx_ino;
	place->mount_id = st.stx_mnt_id;
	return 0;
}

bool inside_is_held(const struct inside *inside, const struct place *place)
{
	return place->ino == inside->held->ino && place->dev_major == major(inside->held->dev) &&
	       place->dev_minor == minor(inside->held->dev);
}

int inside_unmount(const struct inside *inside, int fd)
{
	char name[16];

	snprintf(name, sizeof(name), "%d", fd);
	if (fchdir(inside->fds_fd) < 0 || umount2(name, MNT_DETACH) < 0)
		return -errno;
	return 0;
}
