/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The users that may have containers of their own, and where these have their state files. */
#ifndef NSCTL_CONTAINER_USERS_H
#define NSCTL_CONTAINER_USERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "container/container.h"

/*
 * How many users other than root there are.  For root:
 * those that have a directory of a runtime below /run/user/UID; for another caller
 * that caller alone.
 */
size_t users_count(struct containers *containers);
uid_t users_at(const struct containers *containers, size_t index);

/* A user other than the caller can write as many state files as there is room; each costs root time. */
#define USER_CONTAINERS_MAX 2000

/*
 * Counts one more container of the user.  Returns false where the limit is reached, and
 * notes that in containers: the others are not to be read.
 */
bool users_take_container(struct containers *containers, uid_t uid);

/* For all state files of such a user together that are read whole. */
#define USER_BYTES_MAX ((uint64_t)8 << 20)

/* The same for a file of so many bytes. */
bool users_take_bytes(struct containers *containers, uid_t uid, uint64_t bytes);

void users_free(struct containers *containers);

/*
 * Stores the path of a directory of state files: for root the one given, for
 * another user below_runtime below /run/user/UID, or below_home below the user's
 * home directory: one of these two is NULL.  Returns 0, or -ENOENT where the user has none.
 */
int users_path(struct containers *containers, uid_t user, const char *of_root, const char *below_runtime,
	       const char *below_home, char *path, size_t size);

#endif
