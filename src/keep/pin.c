/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "keep/pin.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <sys/mount.h>
#include <unistd.h>

#include "base/cleanup.h"

/* More than anybody mounts on one file; an end, should somebody mount as fast as this unmounts. */
#define UNMOUNTS_MAX 1000

/* The path of a file below an open directory, which no rename changes. */
#define BELOW_SIZE (NAME_MAX + 32)

static void format_below(int dir_fd, const char *name, char path[BELOW_SIZE])
{
	snprintf(path, BELOW_SIZE, "/proc/self/fd/%d/%s", dir_fd, name);
}

int pin_bind(int dir_fd, const char *name, const struct ns *ns)
{
	char source[32];
	char target[BELOW_SIZE];

	snprintf(source, sizeof(source), "/proc/self/fd/%d", ns->fd);
	format_below(dir_fd, name, target);
	return mount(source, target, NULL, MS_BIND, NULL) < 0 ? -errno : 0;
}

static int make_pin_private(int dir_fd, const char *name)
{
	char path[BELOW_SIZE];

	format_below(dir_fd, name, path);
	if (mount(path, path, NULL, MS_BIND, NULL) < 0 || mount(NULL, path, NULL, MS_PRIVATE, NULL) < 0)
		return -errno;
	return 0;
}

int pin_make(int dir_fd, const struct ns *ns)
{
	const char *name = ns_type_name(ns->type);
	int fd = openat(dir_fd, name, O_RDONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0);
	int ret;

	if (fd < 0)
		return -errno;
	close(fd);
	ret = ns->type == NS_MNT ? make_pin_private(dir_fd, name) : 0;
	return ret < 0 ? ret : pin_bind(dir_fd, name, ns);
}

/* Without ids (before Linux 6.11) it is the order in which the namespaces were made. */
static int set_loop(const struct ns *ns, const struct ns *own, struct error *err)
{
	uint64_t id = ns_read_id(ns);
	uint64_t own_id = ns_read_id(own);

	if (id != 0 && own_id != 0)
		error_set(err, EINVAL,
			  "cannot keep mnt namespace %ju here: the kernel mounts one only where its id is "
			  "higher than that of the mnt namespace that it is mounted in, and %" PRIu64
			  " is lower than %" PRIu64,
			  (uintmax_t)ns->ino, id, own_id);
	else
		error_set(err, EINVAL,
			  "cannot keep mnt namespace %ju here: it was made before the caller's, and the "
			  "kernel mounts only a younger one",
			  (uintmax_t)ns->ino);
	return error_hint(err, "keep it from the initial mnt namespace (nsenter -m -t 1), keep a process in "
			       "it, or leave it out by --type");
}

bool pin_explain_loop(const struct ns *ns, struct error *err)
{
	AUTO_NS struct ns own = NS_CLOSED;

	if (ns->type != NS_MNT || ns_open_at(AT_FDCWD, "/proc/self/ns/mnt", &own) < 0)
		return false;
	if (!ns_is_same(ns, &own)) {
		uint64_t id = ns_read_id(ns);

		if (id != 0 && id > ns_read_id(&own))
			return false;
		set_loop(ns, &own, err);
		return true;
	}
	error_set(err, EINVAL,
		  "cannot keep mnt namespace %ju: it is the caller's, and a mnt namespace cannot be mounted "
		  "within itself",
		  (uintmax_t)ns->ino);
	error_hint(err, "--type names those to keep");
	return true;
}

/* Returns the errno of the last umount2(2): EINVAL where nothing is mounted there any more. */
static int unmount_all(int dir_fd, const char *name)
{
	char path[BELOW_SIZE];

	format_below(dir_fd, name, path);
	for (int i = 0; i < UNMOUNTS_MAX; i++) {
		if (umount2(path, UMOUNT_NOFOLLOW | MNT_DETACH) < 0)
			return errno;
	}
	return EBUSY;
}

int pin_remove(int dir_fd, const char *name)
{
	int reason = unmount_all(dir_fd, name);

	if (unlinkat(dir_fd, name, 0) == 0 || errno == ENOENT)
		return 0;
	/* Still mounted upon, as unmount_all() was not permitted to end. */
	return errno == EBUSY && reason != EINVAL ? -reason : -errno;
}
