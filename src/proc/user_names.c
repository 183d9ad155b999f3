/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "proc/user_names.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/child.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "proc/passwd.h"

#define GETENT "/usr/bin/getent"
#define PASSWD_LIMIT (16U << 20)

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
static int spawn_getent(char *const argv[], pid_t *child)
{
	char *const environment[] = {NULL};
	posix_spawn_file_actions_t actions;
	int ends[2];
	int ret;

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

/* Stores the names that a passwd(5) text has for users without one. */
static void store_names(struct user_names *names, const char *text)
{
	for (size_t i = 0; i < names->count; i++) {
		struct user user;

		if (!names->users[i].name && user_parse(text, names->users[i].uid, &user))
			names->users[i].name = strdup(user.name);
	}
}

static void read_passwd(struct user_names *names)
{
	AUTO_FREE char *text = NULL;

	if (file_load_at(AT_FDCWD, "/etc/passwd", PASSWD_LIMIT, &text) >= 0)
		store_names(names, text);
}

/* argv: "getent", "passwd", and the uid of each user without a name.  NULL without memory, or such users. */
static char **make_arguments(const struct user_names *names, char (*numbers)[16])
{
	char **argv = calloc(names->count + 3, sizeof(char *));
	size_t count = 2;

	if (!argv)
		return NULL;
	argv[0] = (char *)GETENT;
	argv[1] = (char *)"passwd";
	for (size_t i = 0; i < names->count; i++) {
		if (names->users[i].name)
			continue;
		snprintf(numbers[count - 2], sizeof(numbers[0]), "%u", names->users[i].uid);
		argv[count] = numbers[count - 2];
		count++;
	}
	if (count > 2)
		return argv;
	free(argv);
	return NULL;
}

static void ask_getent(struct user_names *names)
{
	char(*numbers)[16] = calloc(names->count + 1, sizeof(*numbers));
	AUTO_FREE char **argv = numbers ? make_arguments(names, numbers) : NULL;
	AUTO_FREE char *text = NULL;
	AUTO_CLOSE int fd = -1;
	pid_t child = 0;

	if (argv)
		fd = spawn_getent(argv, &child);
	free(numbers);
	if (fd < 0)
		return;
	if (file_load_fd(fd, PASSWD_LIMIT, &text) >= 0)
		store_names(names, text);
	child_wait(child, NULL);
}

int user_names_want(struct user_names *names, uid_t uid)
{
	struct user_name *larger;

	if (map_find(&names->by_uid, uid) != MAP_NONE)
		return 0;
	larger = array_reserve(names->users, &names->capacity, names->count, sizeof(*larger));
	if (!larger)
		return -ENOMEM;
	names->users = larger;
	larger[names->count] = (struct user_name){.uid = uid};
	return map_add(&names->by_uid, uid, (uint32_t)names->count++) < 0 ? -ENOMEM : 0;
}

int user_names_load(struct user_names *names)
{
	read_passwd(names);
	if (has_other_sources())
		ask_getent(names);
	for (size_t i = 0; i < names->count; i++) {
		struct user_name *user = &names->users[i];

		if (!user->name && asprintf(&user->name, "%u", user->uid) < 0) {
			user->name = NULL;
			return -ENOMEM;
		}
	}
	return 0;
}

const char *user_names_find(const struct user_names *names, uid_t uid)
{
	uint32_t index = map_find(&names->by_uid, uid);

	return index == MAP_NONE ? NULL : names->users[index].name;
}

void user_names_free(struct user_names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->users[i].name);
	free(names->users);
	map_free(&names->by_uid);
	*names = (struct user_names){0};
}
