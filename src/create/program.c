/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "create/program.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "run/own_files.h"

int program_wait_for_caller(const struct creation *creation, struct error *err)
{
	int fd = creation->request->wait_fd;
	char ignored[256];
	ssize_t got;

	if (fd < 0)
		return 0;
	do
		got = read(fd, ignored, sizeof(ignored));
	while (got > 0 || (got < 0 && errno == EINTR));
	if (got < 0)
		return error_set_errno(err, errno, "cannot wait for descriptor %d", fd);
	close(fd);
	return 0;
}

static int set_refused(const struct creation *creation, int number, struct error *err)
{
	if (creation->request->as_unshare)
		return error_set_errno(err, number, "failed to execute %.400s", creation->path);
	error_set_errno(err, number, "cannot execute '%.400s'", creation->path);
	if (number == ENOENT && creation->request->root)
		return error_hint(err, "it is looked up below %.256s", creation->request->root);
	return -number;
}

/* Whether one of the directories of PATH has the program. */
static bool is_in_path(const char *name)
{
	const char *path = getenv("PATH");
	char file[PATH_MAX];

	for (path = path ? path : "/bin:/usr/bin"; path; path = strchr(path, ':')) {
		path += path[0] == ':';
		if ((size_t)snprintf(file, sizeof(file), "%.*s/%s", (int)strcspn(path, ":"), path, name) <
			sizeof(file) &&
		    access(file, X_OK) == 0)
			return true;
	}
	return false;
}

int program_check(const struct creation *creation, struct error *err)
{
	if (!strchr(creation->path, '/'))
		return is_in_path(creation->path) ? 0 : set_refused(creation, ENOENT, err);
	return access(creation->path, X_OK) == 0 ? 0 : set_refused(creation, errno, err);
}

int program_execute(const struct creation *creation, bool *exec_failed, struct error *err)
{
	int ret = own_files_close(STDIN_FILENO, creation->last_fd);

	if (ret < 0)
		return error_set_errno(err, -ret, "cannot close the descriptors");
	execvp(creation->path, creation->argv);
	*exec_failed = true;
	return set_refused(creation, errno, err);
}
