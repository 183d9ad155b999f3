/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "create/id_program.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child.h"
#include "base/cleanup.h"
#include "run/signals.h"

/* Its own name, the PID, three numbers for each range, and NULL. */
#define ARGUMENTS_MAX (2 + 3 * ID_MAP_MAX + 1)
#define NUMBER_SIZE 11

struct arguments {
	char *list[ARGUMENTS_MAX];
	char numbers[ARGUMENTS_MAX][NUMBER_SIZE];
	size_t count;
};

static void add_number(struct arguments *arguments, uint32_t number)
{
	char *text = arguments->numbers[arguments->count];

	snprintf(text, NUMBER_SIZE, "%u", number);
	arguments->list[arguments->count++] = text;
}

static void make_arguments(const char *path, pid_t pid, const struct id_map *map, struct arguments *arguments)
{
	arguments->count = 0;
	arguments->list[arguments->count++] = (char *)path;
	add_number(arguments, (uint32_t)pid);
	for (size_t i = 0; i < map->count; i++) {
		add_number(arguments, map->ranges[i].inside);
		add_number(arguments, map->ranges[i].outside);
		add_number(arguments, map->ranges[i].count);
	}
	arguments->list[arguments->count] = NULL;
}

_Noreturn static void execute_id_program(const char *path, char *const *arguments, int error_fd)
{
	char *environment[] = {NULL};

	signals_unblock();
	if (dup2(error_fd, STDERR_FILENO) >= 0)
		execve(path, arguments, environment);
	dprintf(error_fd, "%s", strerror(errno));
	_exit(127);
}

/* Reads to the end, and keeps the first line without the program's name. */
static void read_message(int fd, const char *program, char *message, size_t size)
{
	char buffer[512];
	size_t length = 0;
	ssize_t got;

	while ((got = read(fd, buffer, sizeof(buffer))) > 0 || (got < 0 && errno == EINTR)) {
		size_t room = size - 1 - length;
		size_t taken = got < 0 ? 0 : (size_t)got;

		taken = taken < room ? taken : room;
		memcpy(message + length, buffer, taken);
		length += taken;
	}
	message[length] = '\0';
	message[strcspn(message, "\n")] = '\0';
	length = strlen(program);
	if (strncmp(message, program, length) == 0 && strncmp(message + length, ": ", 2) == 0)
		memmove(message, message + length + 2, strlen(message + length + 2) + 1);
}

static int run_id_program(const char *path, char *const *arguments, const char *program, struct error *err)
{
	int ends[2];
	char message[512];
	int status = 0;
	pid_t child;
	int ret;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return error_set_errno(err, errno, "cannot create a pipe for %s", program);
	child = fork();
	if (child == 0)
		execute_id_program(path, arguments, ends[1]);
	ret = child < 0 ? -errno : 0;
	close(ends[1]);
	if (child > 0)
		read_message(ends[0], program, message, sizeof(message));
	close(ends[0]);
	if (child > 0)
		ret = child_wait(child, &status);
	if (ret < 0)
		return error_set_errno(err, -ret, "cannot run '%s'", path);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	return error_set(err, EPERM, "%s refuses the map: %s", program,
			 message[0] ? message : "it does not say why");
}

int id_program_run(enum id_kind kind, const char *path, pid_t pid, const struct id_map *map,
		   struct error *err)
{
	AUTO_FREE struct arguments *arguments = malloc(sizeof(*arguments));

	if (!arguments)
		return error_set_errno(err, ENOMEM, "cannot run '%s'", path);
	make_arguments(path, pid, map, arguments);
	return run_id_program(path, arguments->list, id_kind_names(kind)->program, err);
}
