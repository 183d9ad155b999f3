/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "proc/place.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "proc/mountinfo.h"

static int read_by_descriptor(int dir_fd, const char *name, struct place *place)
{
	AUTO_CLOSE int fd = openat(dir_fd, *name ? name : ".", O_PATH | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	place->dev_major = major(st.st_dev);
	place->dev_minor = minor(st.st_dev);
	place->ino = st.st_ino;
	return mountinfo_read_id(fd, &place->mount_id);
}

int place_read(int dir_fd, const char *name, struct place *place)
{
	const int flags = AT_EMPTY_PATH | AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT;
	struct statx st;

	/* The system call itself: the emulation in the C library lacks these flags. */
	if (syscall(SYS_statx, dir_fd, name, flags, STATX_INO | STATX_MNT_ID, &st) < 0)
		return errno == EPERM || errno == ENOSYS ? read_by_descriptor(dir_fd, name, place) : -errno;
	place->dev_major = st.stx_dev_major;
	place->dev_minor = st.stx_dev_minor;
	place->ino = st.stx_ino;
	place->mount_id = st.stx_mask & STATX_MNT_ID ? st.stx_mnt_id : 0;
	return 0;
}

bool place_is_same(const struct place *one, const struct place *other)
{
	return one->dev_major == other->dev_major && one->dev_minor == other->dev_minor &&
	       one->ino == other->ino &&
	       (one->mount_id == other->mount_id || one->mount_id == 0 || other->mount_id == 0);
}
