/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "create/lasting.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "create/created.h"
#include "create/network.h"
#include "create/reasons.h"
#include "create/util_linux.h"
#include "keep/keep.h"

#define FD_PATH_SIZE 32

struct lasting lasting_start(const struct creation *creation)
{
	struct lasting lasting = {.creation = creation, .pasta = -1};

	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++)
		lasting.files[type] = lasting.directories[type] = -1;
	return lasting;
}

/* The part of the path after its last slash. */
static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* The directory of the path, O_PATH.  Returns a descriptor or a negative errno. */
static int open_directory_of(const char *path)
{
	size_t length = (size_t)(base_of(path) - path);
	char directory[PATH_MAX] = ".";
	int fd;

	if (length >= sizeof(directory))
		return -ENAMETOOLONG;
	if (length > 0) {
		memcpy(directory, path, length);
		directory[length] = '\0';
	}
	fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/*
 * Opens the file, or creates it.  Whoever may write to a directory of the path could
 * exchange a part of it: from here on the descriptors count, and no symbolic link is
 * followed.
 */
static int open_file(struct lasting *lasting, enum ns_type type, const char *path, struct error *err)
{
	AUTO_CLOSE int directory = open_directory_of(path);
	const char *base = base_of(path);
	struct stat st;

	if (directory < 0)
		return error_set_errno(err, -directory, "cannot open the directory of '%.400s'", path);
	lasting->files[type] =
	    openat(directory, base, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0);
	if (lasting->files[type] >= 0) {
		lasting->directories[type] = take_fd(&directory);
		return 0;
	}
	if (errno != EEXIST)
		return error_set_errno(err, errno, "cannot create '%.400s'", path);
	lasting->files[type] = openat(directory, base, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (lasting->files[type] < 0 || fstat(lasting->files[type], &st) < 0)
		return error_set_errno(err, errno, "cannot open '%.400s'", path);
	if (S_ISREG(st.st_mode))
		return 0;
	if (S_ISDIR(st.st_mode))
		return reasons_of_bind(type, path, lasting->creation->types, ENOTDIR, err);
	return error_set(err, EINVAL, "'%.400s' is not a regular file", path);
}

static void format_fd(int fd, char path[FD_PATH_SIZE])
{
	snprintf(path, FD_PATH_SIZE, "/proc/self/fd/%d", fd);
}

/* unshare(1) wants the file to exist, and follows links. */
static int mount_on(struct lasting *lasting, enum ns_type type, const char *source, const char *path,
		    struct error *err)
{
	char target[FD_PATH_SIZE];
	int ret;

	if (lasting->creation->request->as_unshare)
		return mount(source, path, NULL, MS_BIND, NULL) < 0 ? -errno : 0;
	ret = open_file(lasting, type, path, err);
	if (ret < 0)
		return ret;
	format_fd(lasting->files[type], target);
	return mount(source, target, NULL, MS_BIND, NULL) < 0 ? -errno : 0;
}

static int mount_created(struct lasting *lasting, enum ns_type type, struct error *err)
{
	const char *path = lasting->creation->request->files[type];
	AUTO_NS struct ns ns = NS_CLOSED;
	char source[FD_PATH_SIZE];
	char link[CREATED_LINK_SIZE];
	int ret;

	if (!path)
		return 0;
	ret = created_open(lasting->creation, type, &ns, err);
	if (ret < 0)
		return ret;
	format_fd(ns.fd, source);
	ret = mount_on(lasting, type, source, path, err);
	lasting->is_mounted[type] = ret == 0;
	if (ret == 0 || err->message[0])
		return ret;
	reasons_of_bind(type, path, lasting->creation->types, -ret, err);
	return create_word_as_unshare(lasting->creation, err, "mount /proc/%d/%s on %.400s failed",
				      lasting->creation->proc_pid, created_link(type, link), path);
}

static int connect_network(struct lasting *lasting, struct error *err)
{
	AUTO_NS struct ns net = NS_CLOSED;
	int ret;

	if (lasting->creation->request->network != NETWORK_PASTA)
		return 0;
	ret = created_open(lasting->creation, NS_NET, &net, err);
	return ret < 0 ? ret
		       : create_connect_pasta(lasting->creation->proc_pid, net.fd, &lasting->pasta, err);
}

static int open_all_created(const struct lasting *lasting, struct ns namespaces[NS_TYPE_COUNT],
			    struct error *err)
{
	int ret = 0;

	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++)
		namespaces[type] = NS_CLOSED;
	for (enum ns_type type = 0; type < NS_TYPE_COUNT && ret == 0; type++) {
		if (creation_has(lasting->creation, type))
			ret = created_open(lasting->creation, type, &namespaces[type], err);
	}
	return ret;
}

static int name_created(struct lasting *lasting, struct error *err)
{
	const char *name = lasting->creation->request->keep_name;
	struct ns namespaces[NS_TYPE_COUNT];
	int ret;

	if (!name)
		return 0;
	ret = open_all_created(lasting, namespaces, err);
	if (ret == 0)
		ret = keep_make(name, namespaces, false, err);
	lasting->is_named = ret == 0;
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++)
		ns_close(&namespaces[type]);
	return ret;
}

int lasting_make(struct lasting *lasting, struct error *err)
{
	int ret = 0;

	for (enum ns_type type = 0; type < NS_TYPE_COUNT && ret == 0; type++)
		ret = mount_created(lasting, type, err);
	if (ret == 0)
		ret = connect_network(lasting, err);
	if (ret == 0)
		ret = name_created(lasting, err);
	if (ret < 0)
		lasting_undo(lasting);
	return ret;
}

static void drop_name(const char *name)
{
	AUTO_DROPPED struct keep_dropped dropped;
	struct error ignored; /* of two errors the first is reported */

	keep_drop(name, &dropped, &ignored);
}

/* Whether the name in the directory is still that of the file. */
static bool is_still_there(int directory, const char *base, int fd)
{
	struct stat opened;
	struct stat there;

	return fstat(fd, &opened) == 0 && fstatat(directory, base, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
	       opened.st_dev == there.st_dev && opened.st_ino == there.st_ino;
}

static void undo_file(struct lasting *lasting, enum ns_type type)
{
	const char *path = lasting->creation->request->files[type];
	int *directory = &lasting->directories[type];
	int *file = &lasting->files[type];
	char target[FD_PATH_SIZE];

	format_fd(*file, target);
	if (lasting->is_mounted[type])
		umount2(*file >= 0 ? target : path, MNT_DETACH);
	if (*directory >= 0 && is_still_there(*directory, base_of(path), *file))
		unlinkat(*directory, base_of(path), 0);
	cleanup_close(file);
	cleanup_close(directory);
}

void lasting_undo(struct lasting *lasting)
{
	if (lasting->is_named)
		drop_name(lasting->creation->request->keep_name);
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++)
		undo_file(lasting, type);
	lasting_end(lasting);
	*lasting = lasting_start(lasting->creation);
}

void lasting_end(struct lasting *lasting)
{
	create_end_pasta(&lasting->pasta);
}
