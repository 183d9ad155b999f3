/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unmount/tree.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proc/mountinfo.h"

struct search {
	const struct inside *inside;
	char root[64]; /* that of a mount of the held namespace */
	struct tree_mount *mount;
	tree_fn *look;
	size_t left; /* how many more it looks at */
};

void tree_mount_free(struct tree_mount *mount)
{
	free(mount->point);
	mount->point = NULL;
}

/*
 * The file systems of Documentation/filesystems in the kernel's source that ask
 * nothing but the kernel itself or a block device.  Any other may wait for a server, as
 * fuse, nfs, 9p and autofs do.  overlay is the root of containers; its layers are as a
 * rule local.
 */
static bool is_local(const char *fstype)
{
	static const char *const types[] = {
	    "bcachefs", "bpf",       "btrfs",    "cgroup", "cgroup2",  "configfs", "cramfs",     "debugfs",
	    "devpts",   "devtmpfs",  "efivarfs", "erofs",  "exfat",    "ext2",     "ext3",       "ext4",
	    "f2fs",     "hugetlbfs", "iso9660",  "jfs",    "mqueue",   "nilfs2",   "nsfs",       "ntfs3",
	    "overlay",  "proc",      "pstore",   "ramfs",  "reiserfs", "rootfs",   "securityfs", "squashfs",
	    "sysfs",    "tmpfs",     "tracefs",  "udf",    "vfat",     "xfs",      "zfs",
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (strcmp(fstype, types[i]) == 0)
			return true;
	}
	return false;
}

static bool is_held(const struct search *search, const struct mountinfo_line *line)
{
	return strcmp(line->fstype, "nsfs") == 0 && strcmp(line->root, search->root) == 0;
}

static int search_mounts(struct search *search, mountinfo_fn *look)
{
	const struct ns *held = search->inside->held;

	snprintf(search->root, sizeof(search->root), "%s:[%ju]", ns_type_name(held->type),
		 (uintmax_t)held->ino);
	return mountinfo_read(search->inside->proc_fd, "self/mountinfo", look, search);
}

static int take_if_wanted(const struct mountinfo_line *line, void *context)
{
	const struct search *search = context;
	struct tree_mount *mount = search->mount;

	if (line->id != mount->id)
		return 0;
	mount->parent = line->parent;
	mount->is_held = is_held(search, line);
	mount->is_local = is_local(line->fstype);
	mount->point = strdup(line->point);
	return mount->point ? 1 : -ENOMEM;
}

int tree_find(const struct inside *inside, uint64_t id, struct tree_mount *mount)
{
	struct search search = {.inside = inside, .mount = mount};
	int ret;

	*mount = (struct tree_mount){.id = id};
	ret = search_mounts(&search, take_if_wanted);
	if (ret == 0)
		return -ENOENT;
	return ret < 0 ? ret : 0;
}

static int look_if_held(const struct mountinfo_line *line, void *context)
{
	struct search *search = context;

	if (!is_held(search, line))
		return 0;
	search->look(search->inside, line->point);
	return --search->left == 0;
}

int tree_look_at_held(const struct inside *inside, size_t most, tree_fn *look)
{
	struct search search = {.inside = inside, .look = look, .left = most};
	int ret = search_mounts(&search, look_if_held);

	return ret < 0 ? ret : 0;
}

int tree_find_below(const struct inside *inside, const struct tree_mount *mount, struct tree_mount *below)
{
	uint64_t id = mount->parent;

	for (int i = 0; i < TREE_STACK_MAX; i++) {
		int ret = tree_find(inside, id, below);

		if (ret < 0)
			return ret == -ENOENT ? -EXDEV : ret;
		if (strcmp(below->point, mount->point) != 0)
			return 0;
		id = below->parent;
		tree_mount_free(below);
	}
	return -EXDEV;
}

int tree_check_covers(const struct inside *inside, uint64_t top, uint64_t covered, uint64_t bottom)
{
	uint64_t id = top;

	for (int i = 0; i < TREE_STACK_MAX; i++) {
		AUTO_TREE_MOUNT struct tree_mount mount = {0};
		int ret = tree_find(inside, id, &mount);

		if (ret < 0)
			return ret == -ENOENT ? -EXDEV : ret;
		if (mount.parent == covered)
			return 0;
		if (mount.parent == bottom)
			return -EXDEV;
		id = mount.parent;
	}
	return -EXDEV;
}
