/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "keep/base_directory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "keep/keep.h"
#include "keep/shared_mount.h"

#define DIRECTORY_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

/* KEEP_DIRECTORY is below it. */
#define RUN_DIRECTORY "/run"
#define BASE_NAME "nsctl"

/* Where a directory of names is, or would be. */
struct location {
	int parent_fd; /* -1: none */
	char path[KEEP_BASE_PATH_SIZE];
};

#define LOCATION_CLOSED ((struct location){.parent_fd = -1})

static void location_close(struct location *location)
{
	cleanup_close(&location->parent_fd);
	location->parent_fd = -1;
}

#define AUTO_LOCATION __attribute__((cleanup(location_close)))

void keep_base_close(struct keep_base *base)
{
	cleanup_close(&base->fd);
	base->fd = -1;
}

/* Whether nobody but root and the caller can put anything there. */
static bool is_trusted(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && (st.st_uid == 0 || st.st_uid == geteuid()) &&
	       (st.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

static int locate_root_base(struct location *location)
{
	location->parent_fd = open(RUN_DIRECTORY, O_PATH | O_DIRECTORY | O_CLOEXEC);
	snprintf(location->path, sizeof(location->path), "%s", KEEP_DIRECTORY);
	return location->parent_fd < 0 ? -errno : 0;
}

/* Returns 0; -ENOENT where XDG_RUNTIME_DIR has no use; or another negative errno. */
static int locate_user_base(struct location *location)
{
	const char *parent = secure_getenv("XDG_RUNTIME_DIR");

	if (!parent || parent[0] != '/')
		return -ENOENT;
	if (snprintf(location->path, sizeof(location->path), "%s/" BASE_NAME, parent) >= KEEP_BASE_PATH_SIZE)
		return -ENAMETOOLONG;
	location->parent_fd = open(parent, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (location->parent_fd < 0)
		return -ENOENT;
	return is_trusted(location->parent_fd) ? 0 : -EPERM;
}

static int open_trusted(const struct location *location, struct keep_base *base)
{
	base->fd = openat(location->parent_fd, BASE_NAME, DIRECTORY_FLAGS);
	if (base->fd < 0)
		return -errno;
	if (!is_trusted(base->fd)) {
		keep_base_close(base);
		return -EPERM;
	}
	snprintf(base->path, sizeof(base->path), "%s", location->path);
	return 0;
}

int keep_base_open(unsigned int index, struct keep_base *base)
{
	AUTO_LOCATION struct location location = LOCATION_CLOSED;
	int ret;

	*base = KEEP_BASE_CLOSED;
	ret = index == 0 ? locate_root_base(&location) : locate_user_base(&location);
	return ret < 0 ? ret : open_trusted(&location, base);
}

int keep_base_find_name(const char *name, struct keep_base *base)
{
	int ret = -ENOENT;

	for (unsigned int i = 0; i < KEEP_BASE_COUNT; i++) {
		int fd;

		if (keep_base_open(i, base) < 0)
			continue;
		fd = openat(base->fd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd >= 0)
			return fd;
		ret = -errno;
		keep_base_close(base);
	}
	return ret;
}

bool keep_base_has(const struct keep_base *base, const char *name, int dir_fd)
{
	struct stat open;
	struct stat named;

	return fstat(dir_fd, &open) == 0 && fstatat(base->fd, name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
	       open.st_dev == named.st_dev && open.st_ino == named.st_ino;
}

static int make_directory(const struct location *location, struct keep_base *base)
{
	bool is_new = mkdirat(location->parent_fd, BASE_NAME, 0755) == 0;
	int ret;

	if (!is_new && errno != EEXIST)
		return -errno;
	ret = open_trusted(location, base);
	/* mkdir(2) applied the caller's umask. */
	if (ret == 0 && is_new && fchmod(base->fd, 0755) < 0)
		ret = -errno;
	return ret;
}

static int refuse_user_directory(int number, struct error *err)
{
	if (number == EPERM) {
		error_set(err, number, "cannot keep names below XDG_RUNTIME_DIR: others can write there");
		return error_hint(err, "it must be a directory of this user alone");
	}
	error_set(err, number, "this user has no directory for names: XDG_RUNTIME_DIR names none");
	return error_hint(err, "run as root, whose names are in " KEEP_DIRECTORY);
}

static int make_user_directory(struct location *location, struct keep_base *base, struct error *err)
{
	int ret = locate_user_base(location);

	if (ret < 0)
		return refuse_user_directory(-ret, err);
	ret = make_directory(location, base);
	return ret < 0 ? error_set_errno(err, -ret, "cannot make the directory '%s'", location->path) : 0;
}

static int make_root_directory(struct location *location, struct keep_base *base)
{
	int ret = locate_root_base(location);

	return ret < 0 ? ret : make_directory(location, base);
}

/* Root of a user namespace has no rights over /run: it has names of its own, if any. */
static int make_base(struct location *location, struct keep_base *base, struct error *err)
{
	int ret;

	*base = KEEP_BASE_CLOSED;
	if (geteuid() != 0)
		return make_user_directory(location, base, err);
	ret = make_root_directory(location, base);
	if (ret == 0)
		return 0;
	location_close(location);
	if ((ret == -EACCES || ret == -EPERM || ret == -EOVERFLOW) && secure_getenv("XDG_RUNTIME_DIR"))
		return make_user_directory(location, base, err);
	error_set_errno(err, -ret, "cannot make the directory " KEEP_DIRECTORY);
	return ret == -EPERM ? error_hint(err, "it must be a directory of root alone") : ret;
}

int keep_base_refuse_mount(int number, struct error *err)
{
	if (number != EPERM)
		return -number;
	error_set(err, EPERM,
		  "cannot keep namespaces here: that requires CAP_SYS_ADMIN in the user "
		  "namespace that owns this mnt namespace");
	return error_hint(
	    err, geteuid() == 0 ? "a security module or a container may have taken it away"
				: "run as root, or in a mnt namespace of your own (unshare -Urm), or keep a "
				  "process in them (sleep infinity)");
}

int keep_base_make(struct keep_base *base, struct error *err)
{
	AUTO_LOCATION struct location location = LOCATION_CLOSED;
	int ret = make_base(&location, base, err);

	if (ret < 0)
		return ret;
	ret = shared_mount_make(location.parent_fd, BASE_NAME, base->fd, &base->fd);
	if (ret == 0)
		return 0;
	if (ret == -EPERM) {
		/* If it was made for this: only an empty one can be removed. */
		unlinkat(location.parent_fd, BASE_NAME, AT_REMOVEDIR);
		return keep_base_refuse_mount(EPERM, err);
	}
	return error_set_errno(err, -ret, "cannot make '%s' a shared mount", base->path);
}
