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

/* Others may remove it this often before nsctl gives up. */
#define LOCK_FILES_MAX 100

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

/* Takes over the former descriptor. */
static int reopen(int parent_fd, const char *name, int *fd)
{
	cleanup_close(fd);
	*fd = openat(parent_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return *fd < 0 ? -errno : 0;
}

/* Under the lock: another caller may have mounted it meanwhile. */
static int bind_once(int parent_fd, const char *name, int *mounted)
{
	int ret = reopen(parent_fd, name, mounted);

	if (ret == 0)
		ret = share(*mounted);
	if (ret != -EINVAL)
		return ret;
	ret = mount_on(*mounted, MS_BIND);
	if (ret == 0)
		ret = reopen(parent_fd, name, mounted);
	return ret < 0 ? ret : share(*mounted);
}

/* Returns 0; -EAGAIN where the file was removed while it was waited for; or another negative errno. */
static int try_lock_file(int dir_fd, int *lock)
{
	struct stat st;
	int ret;

	*lock = openat(dir_fd, LOCK_FILE, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (*lock < 0)
		return -errno;
	ret = lock_wait(*lock);
	if (ret == 0 && fstat(*lock, &st) < 0)
		ret = -errno;
	if (ret == 0 && st.st_nlink == 0)
		ret = -EAGAIN;
	return ret;
}

static int take_lock_file(int dir_fd, int *lock)
{
	int ret = -EAGAIN;

	for (int i = 0; i < LOCK_FILES_MAX && ret == -EAGAIN; i++) {
		cleanup_close(lock);
		ret = try_lock_file(dir_fd, lock);
	}
	return ret;
}

int shared_mount_make(int parent_fd, const char *name, int lock_dir_fd, int *fd)
{
	AUTO_CLOSE int mounted = -1;
	AUTO_CLOSE int lock = -1;
	int ret = share(*fd);

	if (ret != -EINVAL)
		return ret;
	ret = take_lock_file(lock_dir_fd, &lock);
	if (ret < 0)
		return ret;
	ret = bind_once(parent_fd, name, &mounted);
	if (ret < 0) {
		unlinkat(lock_dir_fd, LOCK_FILE, 0);
		return ret;
	}
	close(*fd);
	*fd = take_fd(&mounted);
	return 0;
}
