/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "create/lasting.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "create/network.h"
#include "create/reasons.h"
#include "create/util_linux.h"
#include "keep/keep.h"
#include "ns/ns.h"

#define FD_PATH_SIZE 32

struct lasting lasting_start(const struct creation *creation, pid_t creator)
{
	struct lasting lasting = {.creation = creation, .creator = creator, .pasta = -1};

	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++)
		lasting.files[type] = -1;
	return lasting;
}

/* The links of the next child: the creator itself stays in its pid namespace. */
static const char *link_of(enum ns_type type, char path[32])
{
	enum ns_link link = type == NS_PID    ? NS_LINK_PID_FOR_CHILDREN
			    : type == NS_TIME ? NS_LINK_TIME_FOR_CHILDREN
					      : ns_type_link(type);

	snprintf(path, 32, "ns/%s", ns_link_name(link));
	return path;
}

static int open_created(const struct lasting *lasting, enum ns_type type, struct ns *ns, struct error *err)
{
	char path[32];
	int ret = ns_open_at(lasting->creation->self_fd, link_of(type, path), ns);

	if (ret == 0)
		return 0;
	error_set_errno(err, -ret, "cannot open the new %s namespace", ns_type_name(type));
	if (type == NS_PID)
		return error_hint(err, "a pid namespace lasts only with a process in it: add --fork");
	return -err->number;
}

/*
 * Opens the file, or creates it.  Whoever may write to its directory could exchange
 * it: from here on the descriptor counts, and no symbolic link is followed.
 */
static int open_file(struct lasting *lasting, enum ns_type type, const char *path, struct error *err)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0);

	if (fd < 0 && errno != EEXIST)
		return error_set_errno(err, errno, "cannot create '%.400s'", path);
	lasting->is_new_file[type] = fd >= 0;
	cleanup_close(&fd);
	lasting->files[type] = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (lasting->files[type] < 0 || fstat(lasting->files[type], &st) < 0)
		return error_set_errno(err, errno, "cannot open '%.400s'", path);
	if (S_ISLNK(st.st_mode))
		return error_set(err, ELOOP, "'%.400s' is a symbolic link", path);
	return 0;
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
	char link[32];
	int ret;

	if (!path)
		return 0;
	ret = open_created(lasting, type, &ns, err);
	if (ret < 0)
		return ret;
	format_fd(ns.fd, source);
	ret = mount_on(lasting, type, source, path, err);
	lasting->is_mounted[type] = ret == 0;
	if (ret == 0 || err->message[0])
		return ret;
	reasons_of_bind(type, path, lasting->creation->types, -ret, err);
	return create_word_as_unshare(lasting->creation, err, "mount /proc/%d/%s on %.400s failed",
				      lasting->creator, link_of(type, link), path);
}

static int connect_network(struct lasting *lasting, struct error *err)
{
	AUTO_NS struct ns net = NS_CLOSED;
	int ret;

	if (lasting->creation->request->network != NETWORK_PASTA)
		return 0;
	ret = open_created(lasting, NS_NET, &net, err);
	return ret < 0 ? ret : create_connect_pasta(lasting->creator, net.fd, &lasting->pasta, err);
}

static int open_all_created(const struct lasting *lasting, struct ns namespaces[NS_TYPE_COUNT],
			    struct error *err)
{
	int ret = 0;

	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++)
		namespaces[type] = NS_CLOSED;
	for (enum ns_type type = 0; type < NS_TYPE_COUNT && ret == 0; type++) {
		if (creation_has(lasting->creation, type))
			ret = open_created(lasting, type, &namespaces[type], err);
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

/* Whether the path still leads to the file that was opened. */
static bool is_still_there(int fd, const char *path)
{
	struct stat opened;
	struct stat there;

	return fstat(fd, &opened) == 0 && lstat(path, &there) == 0 && opened.st_dev == there.st_dev &&
	       opened.st_ino == there.st_ino;
}

static void undo_file(struct lasting *lasting, enum ns_type type)
{
	const char *path = lasting->creation->request->files[type];
	char target[FD_PATH_SIZE];

	if (lasting->is_mounted[type] && lasting->files[type] < 0)
		umount2(path, MNT_DETACH);
	if (lasting->is_mounted[type] && lasting->files[type] >= 0) {
		format_fd(lasting->files[type], target);
		umount2(target, MNT_DETACH);
	}
	if (lasting->is_new_file[type] && is_still_there(lasting->files[type], path))
		unlink(path);
	cleanup_close(&lasting->files[type]);
}

void lasting_undo(struct lasting *lasting)
{
	if (lasting->is_named)
		drop_name(lasting->creation->request->keep_name);
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++)
		undo_file(lasting, type);
	lasting_end(lasting);
	*lasting = lasting_start(lasting->creation, lasting->creator);
}

void lasting_end(struct lasting *lasting)
{
	create_end_pasta(&lasting->pasta);
}
