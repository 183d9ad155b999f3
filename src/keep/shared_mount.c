/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "keep/shared_mount.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "keep/lock.h"

/* Only its owner can open it. */
#define LOCK_FILE ".lock"

/* Mounts, with what the descriptor is as the target; flags without MS_BIND need no source. */
static int mount_on(int fd, unsigned long flags)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return mount(flags & MS_BIND ? path : NULL, path, NULL, flags, NULL) < 0 ? -errno : 0;
}

/* EINVAL: it is not the root of a mount (mount(2)). */
static int share(int fd)
{
	return mount_on(fd, MS_SHARED);
}

static int reopen(const char *path, int *fd)
{
	int again = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (again < 0)
		return -errno;
	close(*fd);
	*fd = again;
	return 0;
}

/* Under the lock: another caller may have mounted it meanwhile. */
static int bind_once(const char *path, int *fd)
{
	int ret = reopen(path, fd);

	if (ret == 0)
		ret = share(*fd);
	if (ret != -EINVAL)
		return ret;
	ret = mount_on(*fd, MS_BIND);
	if (ret == 0)
		ret = reopen(path, fd);
	return ret < 0 ? ret : share(*fd);
}

int shared_mount_make(const char *path, int lock_fd, int *fd)
{
	AUTO_CLOSE int lock = -1;
	int ret = share(*fd);

	if (ret != -EINVAL)
		return ret;
	lock = openat(lock_fd, LOCK_FILE, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (lock < 0)
		return -errno;
	ret = lock_wait(lock);
	return ret < 0 ? ret : bind_once(path, fd);
}
