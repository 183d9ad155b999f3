/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "enter/mounts.h"

#include <dirent.h>
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

#include "base/array.h"
#include "base/bounded_file.h"
#include "base/cleanup.h"
#include "enter/plan.h"
#include "target/target.h"

#define COPY_LIMIT ((size_t)1 << 20)

#define SAFE_FLAGS (MS_NOSUID | MS_NODEV | MS_NOEXEC)

/* Where the copied files are until they are bound to their places: a directory that always exists. */
#define COPIES "/proc"

static const char *find_netns_name(const struct enter_request *request)
{
	for (size_t i = 0; i < request->target_count; i++) {
		if (request->targets[i].kind == TARGET_NETNS_NAME)
			return request->targets[i].name;
	}
	return NULL;
}

/* Whether /etc has a file of this name for a file, or a directory for a directory: to mount over it. */
static bool has_counterpart(int dir_fd, const char *name)
{
	char path[PATH_MAX];
	struct stat source;
	struct stat place;

	return (size_t)snprintf(path, sizeof(path), "/etc/%s", name) < sizeof(path) &&
	       fstatat(dir_fd, name, &source, 0) == 0 && stat(path, &place) == 0 &&
	       S_ISDIR(source.st_mode) == S_ISDIR(place.st_mode);
}

static int add_name(struct mounts *mounts, const char *name, size_t *capacity)
{
	char **names = array_reserve(mounts->names, capacity, mounts->name_count, sizeof(*names));

	if (!names)
		return -ENOMEM;
	mounts->names = names;
	names[mounts->name_count] = strdup(name);
	if (!names[mounts->name_count])
		return -ENOMEM;
	mounts->name_count++;
	return 0;
}

static int list_names(struct mounts *mounts, DIR *directory)
{
	struct dirent *entry;
	size_t capacity = 0;
	int ret = 0;

	while (ret == 0 && (entry = readdir(directory))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (has_counterpart(dirfd(directory), entry->d_name))
			ret = add_name(mounts, entry->d_name, &capacity);
		else if (!mounts->skipped_name)
			mounts->skipped_name = strdup(entry->d_name);
	}
	return ret;
}

/* Most names have no such directory. */
static int plan_netns_name(struct mounts *mounts, struct error *err)
{
	char path[PATH_MAX];
	AUTO_CLOSEDIR DIR *directory = NULL;
	int ret;

	snprintf(path, sizeof(path), MOUNTS_NETNS_DIRECTORY "/%s", mounts->netns_name);
	directory = opendir(path);
	if (!directory && errno == ENOENT)
		return 0;
	ret = directory ? list_names(mounts, directory) : -errno;
	return ret < 0 ? error_set_errno(err, -ret, "cannot read '%.400s'", path) : 0;
}

/* A missing file reads as empty. */
static int copy_file(const struct plan *plan, int root_fd, const char *path, struct copied_file *file,
		     struct error *err)
{
	ssize_t length;

	file->text = malloc(COPY_LIMIT + 1);
	if (!file->text)
		return error_set_errno(err, ENOMEM, "cannot copy '%s' of process %d", path,
				       plan->process.pid);
	length = bounded_read_in_root(root_fd, path, file->text, COPY_LIMIT + 1);
	if (length == (ssize_t)COPY_LIMIT)
		length = -EFBIG;
	if (length < 0 && length != -ENOENT)
		return error_set_errno(err, (int)-length, "cannot copy '%s' of process %d", path,
				       plan->process.pid);
	file->length = length < 0 ? 0 : (size_t)length;
	return 0;
}

static int check_place(const char *path, struct error *err)
{
	struct stat st;

	if (stat(path, &st) == 0)
		return 0;
	error_set_errno(err, errno, "--dns: cannot find '%s'", path);
	return error_hint(err, "the target's is mounted over it: create an empty file");
}

static int plan_dns(const struct enter_request *request, struct plan *plan, struct error *err)
{
	AUTO_CLOSE int root = -1;
	int ret;

	if (!request->dns || !directories_are_kept(plan))
		return 0;
	if (plan_need_process(plan, "--dns", err) < 0)
		return -err->number;
	root = openat(plan->process.dir_fd, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return error_set_errno(err, errno, "cannot open the root directory of process %d",
				       plan->process.pid);
	plan->mounts.dns = true;
	ret = copy_file(plan, root, "/etc/resolv.conf", &plan->mounts.resolv_conf, err);
	if (ret == 0)
		ret = copy_file(plan, root, "/etc/hosts", &plan->mounts.hosts, err);
	if (ret == 0)
		ret = check_place("/etc/resolv.conf", err);
	return ret < 0 ? ret : check_place("/etc/hosts", err);
}

int mounts_plan(const struct enter_request *request, struct plan *plan, struct error *err)
{
	struct mounts *mounts = &plan->mounts;
	int ret = plan_dns(request, plan, err);

	mounts->proc = request->mount_proc;
	mounts->sys = request->mount_sys;
	mounts->proc_mismatch =
	    plan_enters(plan, NS_PID) && !request->no_fork && !mounts->proc && directories_are_kept(plan);
	if (ret < 0 || request->as_nsenter || !plan_enters(plan, NS_NET) || !directories_are_kept(plan))
		return ret;
	mounts->netns_name = find_netns_name(request);
	mounts->sys |= mounts->netns_name != NULL;
	mounts->net_mismatch = !mounts->sys && !mounts->dns;
	return mounts->netns_name ? plan_netns_name(mounts, err) : 0;
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

/*
 * Afterwards nothing is mounted for other processes.  In a chroot "/" may be no
 * mount point: then *whole is false, and each place must be separated alone.
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

/* The mount on place must not appear in the caller's mnt namespace. */
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

/* A file of another mnt namespace cannot be bound; a copy in a tmpfs can. */
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

int mounts_apply(const struct plan *plan, struct error *err)
{
	const struct mounts *mounts = &plan->mounts;
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
