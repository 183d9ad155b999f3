/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tree of mounts in the mnt namespace that a helper has entered. */
#ifndef NSCTL_UNMOUNT_TREE_H
#define NSCTL_UNMOUNT_TREE_H

#include <stdbool.h>
#include <stdint.h>

#include "unmount/inside.h"

/* The most mounts on top of each other that are followed. */
#define TREE_STACK_MAX 32

/* A line of mountinfo, as seen from the root of the mnt namespace. */
struct tree_mount {
	uint64_t id;
	uint64_t parent;
	bool is_held;  /* a mount of the held namespace */
	bool is_local; /* of a file system that is known to wait for no server */
	char *point;
};

/* Finds a mount by its id.  Returns 0; -ENOENT; or another negative errno. */
int tree_find(const struct inside *inside, uint64_t id, struct tree_mount *mount);

/*
 * Calls look with the point of each mount of the held namespace, while they are
 * read: look may unmount them.  Ends after most of them, as new ones may appear
 * without end.  Returns 0 or a negative errno.
 */
typedef void tree_fn(const struct inside *inside, const char *point);
int tree_look_at_held(const struct inside *inside, size_t most, tree_fn *look);

/*
 * Finds the mount on which the lowest of a stack is mounted: mounts on top of
 * each other have one point.  Returns 0; -EXDEV if there is none; or another negative errno.
 */
int tree_find_below(const struct inside *inside, const struct tree_mount *mount, struct tree_mount *below);

/*
 * Checks that a mount covers another one.  top: what was opened at a name in a
 * directory on mount bottom, and is still open: all mounts from there down to
 * bottom are on top of each other.  The path does not matter: a process that can
 * rename directories could exchange it.  Only a process that can mount changes the
 * tree.  Returns 0; -EXDEV if it does not; or another negative errno.
 */
int tree_check_covers(const struct inside *inside, uint64_t top, uint64_t covered, uint64_t bottom);

void tree_mount_free(struct tree_mount *mount);
#define AUTO_TREE_MOUNT __attribute__((cleanup(tree_mount_free)))

#endif
