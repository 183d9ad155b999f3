/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unmount/unreachable.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "query/mount_root.h"

/* The number of mounts on the way that may be hidden themselves. */
#define DEPTH_MAX 8

static bool is_on_mount(int fd, uint64_t id)
{
	struct place place;

	return fd >= 0 && inside_identify(fd, &place) == 0 && place.mount_id == id;
}

union handle {
	struct file_handle head;
	char space[sizeof(struct file_handle) + MAX_HANDLE_SZ];
};

/*
 * Opens a directory of a mount, below whatever covers it: a detached copy of the
 * mount has no covers, and shows the directory whose handle is needed.
 */
static int open_by_handle(int mount_fd, const char *path)
{
	AUTO_CLOSE int clone_fd =
	    (int)syscall(SYS_open_tree, mount_fd, "", AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	AUTO_CLOSE int shown_fd =
	    clone_fd < 0 ? -1 : inside_open(clone_fd, path, RESOLVE_BENEATH | RESOLVE_NO_XDEV);
	/* The anchor of a handle must not be O_PATH. */
	AUTO_CLOSE int anchor_fd =
	    shown_fd < 0 ? -1 : openat(mount_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	AUTO_CLOSE int fd = -1;
	union handle handle = {.head.handle_bytes = MAX_HANDLE_SZ};
	struct place shown;
	struct place opened;
	int ignored;

	if (anchor_fd < 0 || name_to_handle_at(shown_fd, "", &handle.head, &ignored, AT_EMPTY_PATH) < 0)
		return -EXDEV;
	fd = open_by_handle_at(anchor_fd, &handle.head, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || inside_identify(shown_fd, &shown) < 0 || inside_identify(fd, &opened) < 0)
		return -EXDEV;
	shown.mount_id = opened.mount_id;
	return place_is_same(&shown, &opened) ? take_fd(&fd) : -EXDEV;
}

/* From the hidden mount, by way of the mounts below it, to one that a path leads to. */
struct way {
	const struct inside *inside;
	struct covers *covers;
	struct tree_mount mounts[DEPTH_MAX]; /* the hidden one first, borrowed; each lies on the next */
	size_t count;
};

static void way_free(struct way *way)
{
	for (size_t i = 1; i < way->count; i++)
		tree_mount_free(&way->mounts[i]);
}

#define AUTO_WAY __attribute__((cleanup(way_free)))

/* Collects the way.  Returns a descriptor of its last mount, or a negative errno. */
static int find_way(struct way *way)
{
	for (;;) {
		const struct tree_mount *mount = &way->mounts[way->count - 1];
		AUTO_CLOSE int fd = inside_open(way->inside->root_fd, mount->point, 0);
		int ret;

		if (is_on_mount(fd, mount->id))
			return take_fd(&fd);
		if (way->count == DEPTH_MAX)
			return -EXDEV;
		ret = tree_find_below(way->inside, mount, &way->mounts[way->count]);
		if (ret < 0 || !way->mounts[way->count].point)
			return ret < 0 ? ret : -EXDEV;
		way->count++;
	}
}

/*
 * Opens a directory on a mount; path: below the root of the mount.  While a cover
 * is off, nothing may wait for a file system: this helper could be abandoned there.
 */
static int open_directory_on(const struct way *way, int mount_fd, const struct tree_mount *mount,
			     const char *path)
{
	const uint64_t resolve = RESOLVE_BENEATH | RESOLVE_NO_XDEV;
	bool is_waiting = way->covers->count > 0;
	AUTO_CLOSE int fd = -1;

	path += strspn(path, "/");
	if (is_waiting)
		fd = finder_open_cached(mount_fd, *path ? path : ".", resolve | RESOLVE_NO_SYMLINKS);
	else
		fd = inside_open(mount_fd, path, resolve);
	if (is_on_mount(fd, mount->id))
		return take_fd(&fd);
	return is_waiting ? -EXDEV : open_by_handle(mount_fd, path);
}

/* Opens a mount from the one below, and takes off what covers it. */
static int open_from_below(const struct way *way, int below_fd, const struct tree_mount *below,
			   const struct tree_mount *mount)
{
	const char *inner = path_below(below->point, mount->point);
	AUTO_FREE char *relative = inner ? strdup(inner) : NULL;
	AUTO_CLOSE int dir_fd = -1;
	char *name = relative ? strrchr(relative, '/') : NULL;

	/* To put a cover back, its name is looked up once more: that must not wait for a server. */
	if (!name || name[1] == '\0' || !below->is_local)
		return -EXDEV;
	*name++ = '\0';
	dir_fd = open_directory_on(way, below_fd, below, relative);
	return dir_fd < 0 ? dir_fd : covers_lift(way->inside, dir_fd, name, mount->id, way->covers);
}

int unreachable_open(const struct inside *inside, const struct tree_mount *mount, struct covers *covers)
{
	AUTO_WAY struct way way = {.inside = inside, .covers = covers, .mounts = {*mount}, .count = 1};
	AUTO_CLOSE int fd = find_way(&way);

	for (size_t i = way.count - 1; i > 0 && fd >= 0; i--) {
		int next = open_from_below(&way, fd, &way.mounts[i], &way.mounts[i - 1]);

		cleanup_close(&fd);
		fd = next;
	}
	return take_fd(&fd);
}
