#include "proc/user_names.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "proc/users.h"

#define GETENT "/usr/bin/getent"

/* Whether the passwd line of nsswitch.conf(5) has any source but the file. */
static bool has_other_sources(void)
{
	char text[16384];
	const char *line;
	char sources[512];
	char *rest = sources;
	char *word;

	if (file_read_at(AT_FDCWD, "/etc/nsswitch.conf", text, sizeof(text)) < 0)
		return false;
	line = strncmp(text, "passwd:", 7) == 0 ? text : strstr(text, "\npasswd:");
	if (!line)
		return false;
	line = strchr(line, ':') + 1;
	snprintf(sources, sizeof(sources), "%.*s", (int)strcspn(line, "\n#"), line);
	while ((word = strsep(&rest, " \t"))) {
		if (*word && strcmp(word, "files") != 0 && strcmp(word, "compat") != 0)
			return true;
	}
	return false;
}

/* Runs getent with its output in a pipe.  Returns the end to read, or a negative errno. */
static int spawn_getent(uid_t uid, pid_t *child)
{
	char number[16];
	char *const argv[] = {(char[]){"getent"}, (char[]){"passwd"}, number, NULL};
	char *const environment[] = {NULL};
	posix_spawn_file_actions_t actions;
	int ends[2];
	int ret;

	snprintf(number, sizeof(number), "%u", uid);
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	ret = posix_spawn_file_actions_init(&actions);
	if (ret == 0) {
		ret = posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
		if (ret == 0)
			ret = posix_spawn(child, GETENT, &actions, NULL, argv, environment);
		posix_spawn_file_actions_destroy(&actions);
	}
	close(ends[1]);
	if (ret == 0)
		return ends[0];
	close(ends[0]);
	return -ret;
}

static bool ask_getent(uid_t uid, struct user *user)
{
	char line[4096];
	size_t length = 0;
	ssize_t got;
	pid_t child = 0;
	AUTO_CLOSE int fd = spawn_getent(uid, &child);

	if (fd < 0)
		return false;
	while (length < sizeof(line) - 1 && (got = read(fd, line + length, sizeof(line) - 1 - length)) > 0)
		length += (size_t)got;
	line[length] = '\0';
	waitpid(child, NULL, 0);
	return user_parse(line, uid, user);
}

static char *look_up(uid_t uid)
{
	AUTO_CLOSE int root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct user user;
	char number[16];

	if (root_fd >= 0 && user_find(root_fd, uid, &user) == 0)
		return strdup(user.name);
	if (has_other_sources() && ask_getent(uid, &user))
		return strdup(user.name);
	snprintf(number, sizeof(number), "%u", uid);
	return strdup(number);
}

const char *user_names_find(struct user_names *names, uid_t uid)
{
	uint32_t index = map_find(&names->by_uid, uid);
	char **larger;

	if (index != MAP_NONE)
		return names->names[index];
	larger = array_reserve(names->names, &names->capacity, names->count, sizeof(char *));
	if (!larger)
		return NULL;
	names->names = larger;
	names->names[names->count] = look_up(uid);
	if (!names->names[names->count])
		return NULL;
	names->count++;
	if (map_add(&names->by_uid, uid, (uint32_t)names->count - 1) < 0)
		return NULL;
	return names->names[names->count - 1];
}

void user_names_free(struct user_names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->names[i]);
	free(names->names);
	map_free(&names->by_uid);
	*names = (struct user_names){0};
}
