/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unmount/mount.h"

#include <errno.h>
#include <linux/openat2.h>
#include <string.h>

#include "base/cleanup.h"
#include "query/mount_root.h"
#include "unmount/unreachable.h"

/* How often the path of a mount is looked up anew. */
#define TRIES 4
/* A mnt namespace has no more mounts, unless fs.mount-max was raised; see proc(5). */
#define MOUNTS_MAX 100000
/* Mounts on top of each other that are unmounted in one pass. */
#define STACK_MAX 1000

static enum unmount_result result_of(int ret)
{
	switch (ret) {
	case 0:
		return UNMOUNT_DONE;
	case -EINVAL:
		return UNMOUNT_LOCKED;
	case -EPERM:
	case -EACCES:
		return UNMOUNT_DENIED;
	case -ENOENT: /* or it is gone */
	case -EXDEV:
		return UNMOUNT_HIDDEN;
	case -EBUSY:
		return UNMOUNT_BUSY;
	case -EAGAIN:
		return UNMOUNT_UNANSWERED;
	default:
		return UNMOUNT_FAILED;
	}
}

/* Unmounts what was opened, if it is the mount, and one of the held namespace. */
static int unmount_if_right(const struct inside *inside, int fd, uint64_t id)
{
	struct place place;
	int ret = inside_identify(fd, &place);

	if (ret < 0)
		return ret;
	if (place.mount_id != id || !inside_is_held(inside, &place))
		return -EXDEV;
	return inside_unmount(inside, fd);
}

static int unmount_at(const struct inside *inside, int root_fd, const char *point, uint64_t id)
{
	AUTO_CLOSE int fd = *point ? inside_open(root_fd, point, 0) : -EXDEV;

	return fd < 0 ? -EXDEV : unmount_if_right(inside, fd, id);
}

/* The id may be that of another mount by now: for one that is not to go nothing is taken off. */
static int unmount_hidden(const struct inside *inside, uint64_t id, struct covers *covers)
{
	AUTO_TREE_MOUNT struct tree_mount mount = {0};
	AUTO_CLOSE int fd = -1;
	int ret = tree_find(inside, id, &mount);

	if (ret < 0)
		return ret;
	if (!mount.is_held)
		return -ENOENT;
	fd = unreachable_open(inside, &mount, covers);
	return fd < 0 ? fd : unmount_if_right(inside, fd, id);
}

/* Its path may change between two steps, and all the time. */
static int unmount_wherever(const struct inside *inside, uint64_t id, int *lost)
{
	int ret = -EXDEV;

	for (int i = 0; i < TRIES && ret == -EXDEV && *lost == 0; i++) {
		struct covers covers = {.count = 0};

		ret = unmount_hidden(inside, id, &covers);
		covers_put_back(&covers);
		*lost = covers.lost;
	}
	return ret;
}

void mount_unmount(const struct inside *inside, const char *point, struct unmount_outcome *outcome)
{
	int root_fd = inside->outer_fd >= 0 ? inside->outer_fd : inside->root_fd;
	int ret = unmount_at(inside, root_fd, point, outcome->mount_id);
	int lost = 0;

	if (ret == -EXDEV)
		ret = unmount_wherever(inside, outcome->mount_id, &lost);
	outcome->result = lost ? UNMOUNT_COVER_LOST : result_of(ret);
	outcome->number = lost ? lost : -ret;
}

/* As long as one of them is on top. */
static void unmount_point(const struct inside *inside, const char *point)
{
	const char *path = point + strspn(point, "/");

	for (int i = 0; i < STACK_MAX; i++) {
		AUTO_CLOSE int fd = finder_open_cached(inside->root_fd, path, RESOLVE_NO_SYMLINKS);
		struct place place;

		if (fd < 0 || inside_identify(fd, &place) < 0 || !inside_is_held(inside, &place) ||
		    inside_unmount(inside, fd) < 0)
			return;
	}
}

void mount_unmount_many(const struct inside *inside)
{
	tree_look_at_held(inside, MOUNTS_MAX, unmount_point);
}
