/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "container/users.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/text.h"
#include "container/state_file.h"
#include "proc/passwd.h"

#define RUNTIME_DIRECTORIES "/run/user"

/* The directories that podman, runc, crun and docker make below /run/user/UID. */
static const char *const directories[] = {"containers", "crun", "runc", "libpod", "docker"};

struct container_user {
	uid_t uid;
	size_t containers; /* that were read */
	uint64_t bytes;    /* of files that were read whole */
	bool has_home;     /* home was looked up */
	char home[sizeof((struct user){0}.home)];
};

struct user_list {
	struct containers *containers;
	size_t capacity;
};

static int keep_user(struct user_list *list, uid_t uid)
{
	struct containers *containers = list->containers;
	struct container_user *users =
	    array_reserve(containers->users, &list->capacity, containers->user_count, sizeof(*users));

	if (!users)
		return -ENOMEM;
	containers->users = users;
	users[containers->user_count++] = (struct container_user){.uid = uid};
	return 0;
}

/* Whether a runtime has made a directory there; what is in it is believed or not later. */
static bool has_directory(struct containers *containers, uid_t uid)
{
	char path[sizeof(RUNTIME_DIRECTORIES) + 16];
	int fd;

	snprintf(path, sizeof(path), RUNTIME_DIRECTORIES "/%u", uid);
	fd = state_directory_open(containers, path, uid);
	for (size_t i = 0; fd >= 0 && i < sizeof(directories) / sizeof(directories[0]); i++) {
		if (faccessat(fd, directories[i], F_OK, AT_SYMLINK_NOFOLLOW) == 0)
			return true;
	}
	return false;
}

static int look_at_user(const char *name, void *context)
{
	struct user_list *list = context;
	uint64_t uid;

	if (!text_parse_number(name, UINT32_MAX - 1, &uid) || uid == 0 ||
	    !has_directory(list->containers, (uid_t)uid))
		return 0;
	return keep_user(list, (uid_t)uid);
}

size_t users_count(struct containers *containers)
{
	struct user_list list = {.containers = containers};

	if (containers->has_users)
		return containers->user_count;
	containers->has_users = true;
	/* Without memory there are fewer users; what follows fails for the same reason. */
	if (geteuid() != 0)
		keep_user(&list, geteuid());
	else
		state_directory_each(containers, RUNTIME_DIRECTORIES, 0, NULL, look_at_user, &list);
	return containers->user_count;
}

uid_t users_at(const struct containers *containers, size_t index)
{
	return containers->users[index].uid;
}

/* Returns NULL for root and the caller, who have no limit. */
static struct container_user *find_limited(struct containers *containers, uid_t uid)
{
	if (uid == 0 || uid == geteuid())
		return NULL;
	for (size_t i = 0; i < users_count(containers); i++) {
		if (containers->users[i].uid == uid)
			return &containers->users[i];
	}
	return NULL;
}

bool users_take_container(struct containers *containers, uid_t uid)
{
	struct container_user *user = find_limited(containers, uid);

	if (!user || user->containers++ < USER_CONTAINERS_MAX)
		return true;
	containers->crowded_user = uid;
	return false;
}

bool users_take_bytes(struct containers *containers, uid_t uid, uint64_t bytes)
{
	struct container_user *user = find_limited(containers, uid);

	if (!user)
		return true;
	if (bytes <= USER_BYTES_MAX - user->bytes) {
		user->bytes += bytes;
		return true;
	}
	containers->crowded_user = uid;
	return false;
}

void users_free(struct containers *containers)
{
	free(containers->users);
}

/* Returns the home directory of a user that may have containers; "": there is none. */
static const char *find_home(struct containers *containers, uid_t uid)
{
	for (size_t i = 0; i < users_count(containers); i++) {
		struct container_user *user = &containers->users[i];
		struct user entry;

		if (user->uid != uid)
			continue;
		if (!user->has_home && user_find(containers->root_fd, uid, &entry) == 0)
			memcpy(user->home, entry.home, sizeof(user->home));
		user->has_home = true;
		return user->home;
	}
	return "";
}

int users_path(struct containers *containers, uid_t user, const char *of_root, const char *below_runtime,
	       const char *below_home, char *path, size_t size)
{
	const char *home;
	int length;

	if (user == 0) {
		length = snprintf(path, size, "%s", of_root ? of_root : "");
	} else if (below_runtime) {
		length = snprintf(path, size, RUNTIME_DIRECTORIES "/%u/%s", user, below_runtime);
	} else {
		home = find_home(containers, user);
		if (!below_home || home[0] != '/')
			return -ENOENT;
		length = snprintf(path, size, "%s/%s", home, below_home);
	}
	return length > 0 && (size_t)length < size ? 0 : -ENOENT;
}
