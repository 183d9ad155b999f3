#include "enter/mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/cleanup.h"

#define SAFE_FLAGS (MS_NOSUID | MS_NODEV | MS_NOEXEC)

/* Where the copied files lie until they are bound to their places: a directory that is there for certain. */
#define COPIES "/proc"

/*
 * From here on nothing is mounted for anybody else.  In a chroot "/" is no
 * mount point, and cannot be separated as a whole: *whole says so.
 */
static int separate(bool *whole, struct error *err)
{
	if (unshare(CLONE_NEWNS) < 0)
		return error_set_errno(err, errno,
				       "cannot make a mnt namespace for the program's own mounts");
	*whole = mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) == 0;
	if (!*whole && errno != EINVAL)
		return error_set_errno(err, errno, "cannot separate the mounts from the caller's");
	return 0;
}

/* What is mounted on place must not be mounted there for the caller, too. */
static int separate_place(bool whole, const char *place, struct error *err)
{
	if (whole || mount(NULL, place, NULL, MS_PRIVATE, NULL) == 0)
		return 0;
	error_set_errno(err, errno, "cannot separate '%.400s' from the caller's mounts", place);
	return error_hint(err, "in a chroot it has to be a mount point");
}

static int mount_on(bool whole, const char *source, const char *place, const char *type, unsigned long flags,
		    const char *options, struct error *err)
{
	int ret = separate_place(whole, place, err);

	if (ret == 0 && mount(source, place, type, flags, options) < 0)
		ret = error_set_errno(err, errno, "cannot mount '%.400s'", place);
	return ret;
}

static int write_copy(const char *name, const struct copied_file *file, struct error *err)
{
	AUTO_CLOSE int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	size_t written = 0;

	while (fd >= 0 && written < file->length) {
		ssize_t more = write(fd, file->text + written, file->length - written);

		if (more < 0)
			break;
		written += (size_t)more;
	}
	if (fd < 0 || written < file->length || fchmod(fd, 0644) < 0)
		return error_set_errno(err, errno, "cannot copy the target's files");
	return 0;
}

/* A file of another mnt namespace cannot be bound; a copy in a file system of its own can. */
static int bind_copies(const struct mounts *mounts, bool whole, struct error *err)
{
	int ret = mount_on(whole, "tmpfs", COPIES, "tmpfs", SAFE_FLAGS, "mode=0755", err);

	if (ret == 0)
		ret = write_copy(COPIES "/resolv.conf", &mounts->resolv_conf, err);
	if (ret == 0)
		ret = write_copy(COPIES "/hosts", &mounts->hosts, err);
	if (ret == 0)
		ret = mount_on(whole, COPIES "/resolv.conf", "/etc/resolv.conf", NULL, MS_BIND, NULL, err);
	if (ret == 0)
		ret = mount_on(whole, COPIES "/hosts", "/etc/hosts", NULL, MS_BIND, NULL, err);
	if (ret == 0 && umount2(COPIES, MNT_DETACH) < 0)
		ret = error_set_errno(err, errno, "cannot unmount the copies of the target's files");
	return ret;
}

static int bind_names(const struct mounts *mounts, bool whole, struct error *err)
{
	char source[PATH_MAX];
	char place[PATH_MAX];
	int ret = 0;

	for (size_t i = 0; i < mounts->name_count && ret == 0; i++) {
		snprintf(source, sizeof(source), MOUNTS_NETNS_DIRECTORY "/%s/%s", mounts->netns_name,
			 mounts->names[i]);
		snprintf(place, sizeof(place), "/etc/%s", mounts->names[i]);
		ret = mount_on(whole, source, place, NULL, MS_BIND, NULL, err);
	}
	return ret;
}

static int mount_sys(bool whole, struct error *err)
{
	struct statvfs fs;
	unsigned long flags = SAFE_FLAGS;

	if (statvfs("/sys", &fs) == 0 && fs.f_flag & ST_RDONLY)
		flags |= MS_RDONLY;
	return mount_on(whole, "sysfs", "/sys", "sysfs", flags, NULL, err);
}

int mounts_apply(const struct mounts *mounts, struct error *err)
{
	bool whole = false;
	int ret;

	if (!mounts->proc && !mounts->sys && !mounts->dns && mounts->name_count == 0)
		return 0;
	ret = separate(&whole, err);
	if (ret == 0 && mounts->dns)
		ret = bind_copies(mounts, whole, err);
	if (ret == 0)
		ret = bind_names(mounts, whole, err);
	if (ret == 0 && mounts->sys)
		ret = mount_sys(whole, err);
	if (ret == 0 && mounts->proc)
		ret = mount_on(whole, "proc", "/proc", "proc", SAFE_FLAGS, NULL, err);
	return ret;
}

void mounts_free(struct mounts *mounts)
{
	free(mounts->resolv_conf.text);
	free(mounts->hosts.text);
	for (size_t i = 0; i < mounts->name_count; i++)
		free(mounts->names[i]);
	free(mounts->names);
	free(mounts->skipped_name);
	*mounts = (struct mounts){0};
}
