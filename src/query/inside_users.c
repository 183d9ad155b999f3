#include "query/inside_users.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "proc/users.h"

static int open_root(const struct snapshot_task *task)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/task/%d/root", task->tgid, task->pid);
	return open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/* One number for a directory and a user.  Two that share it would share a name; 64 bits are enough. */
static uint64_t key_of(const struct stat *root, uid_t uid)
{
	uint64_t key = (uint64_t)root->st_dev * 0x9E3779B97F4A7C15U;

	key = (key ^ root->st_ino) * 0xC2B2AE3D27D4EB4FU;
	return (key ^ uid) * 0x165667B19E3779F9U;
}

const char *inside_users_find(struct inside_users *users, const struct snapshot_task *task, uid_t uid)
{
	AUTO_CLOSE int root_fd = open_root(task);
	struct user user;
	struct stat st;
	uint32_t index;
	char **larger;

	if (root_fd < 0 || fstat(root_fd, &st) < 0)
		return NULL;
	index = map_find(&users->by_root, key_of(&st, uid));
	if (index != MAP_NONE)
		return users->names[index];
	larger = array_reserve(users->names, &users->capacity, users->count, sizeof(char *));
	if (!larger)
		return NULL;
	users->names = larger;
	larger[users->count] = user_find(root_fd, uid, &user) == 0 ? strdup(user.name) : NULL;
	if (map_add(&users->by_root, key_of(&st, uid), (uint32_t)users->count) < 0) {
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
	map_free(&users->by_root);
	*users = (struct inside_users){0};
}
