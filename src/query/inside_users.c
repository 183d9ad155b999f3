#include "query/inside_users.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "proc/users.h"
#include "scan/details.h"

/* One number for a mnt namespace, a directory and a user.  Those that share it would share a name; 64 bits
 * are enough. */
static uint64_t key_of(ino_t mnt, const struct stat *root, uid_t uid)
{
	uint64_t key = (uint64_t)root->st_dev * 0x9E3779B97F4A7C15U;

	key = (key ^ root->st_ino) * 0xC2B2AE3D27D4EB4FU;
	key = (key ^ mnt) * 0x165667B19E3779F9U;
	return (key ^ uid) * 0x9E3779B97F4A7C15U;
}

/* What a passwd file is depends on the root, and on what is mounted below it. */
static int open_root(const struct snapshot *snapshot, uint32_t task, ino_t *mnt)
{
	AUTO_PROCESS struct process process;
	AUTO_CLOSE int ns_fd = -1;

	if (scan_open_task(snapshot, task, &process) < 0)
		return -ESRCH;
	ns_fd = openat(process.dir_fd, "ns", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (process_read_link_at(ns_fd, NS_LINK_MNT, mnt) < 0)
		return -ESRCH;
	return openat(process.dir_fd, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

const char *inside_users_find(struct inside_users *users, const struct snapshot *snapshot, uint32_t task,
			      uid_t uid)
{
	ino_t mnt = 0;
	AUTO_CLOSE int root_fd = open_root(snapshot, task, &mnt);
	struct user user;
	struct stat st;
	uint32_t index;
	char **larger;

	if (root_fd < 0 || fstat(root_fd, &st) < 0)
		return NULL;
	index = map_find(&users->by_place, key_of(mnt, &st, uid));
	if (index != MAP_NONE)
		return users->names[index];
	larger = array_reserve(users->names, &users->capacity, users->count, sizeof(char *));
	if (!larger)
		return NULL;
	users->names = larger;
	larger[users->count] = user_find(root_fd, uid, &user) == 0 ? strdup(user.name) : NULL;
	if (map_add(&users->by_place, key_of(mnt, &st, uid), (uint32_t)users->count) < 0) {
		free(larger[users->count]);
		return NULL;
	}
	return larger[users->count++];
}

void inside_users_free(struct inside_users *users)
{
	for (size_t i = 0; i < users->count; i++)
		free(users->names[i]);
	free(users->names);
	map_free(&users->by_place);
	*users = (struct inside_users){0};
}
