/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "base/cleanup.h"

static ssize_t read_up_to(int fd, char *buffer, size_t size)
{
	size_t length = 0;

	while (length < size) {
		ssize_t got = read(fd, buffer + length, size - length);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		length += (size_t)got;
	}
	return (ssize_t)length;
}

ssize_t file_read_at(int dir_fd, const char *name, char *buffer, size_t size)
{
	AUTO_CLOSE int fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC);
	ssize_t length;

	if (fd < 0)
		return -errno;
	length = read_up_to(fd, buffer, size - 1);
	buffer[length < 0 ? 0 : length] = '\0';
	return length;
}

ssize_t file_read_at_once(int dir_fd, const char *name, char *buffer, size_t size)
{
	AUTO_CLOSE int fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC);
	ssize_t length;

	buffer[0] = '\0';
	if (fd < 0)
		return -errno;
	do {
		length = read(fd, buffer, size - 1);
	} while (length < 0 && errno == EINTR);
	if (length < 0)
		return -errno;
	buffer[length] = '\0';
	return length;
}

ssize_t file_load_fd(int fd, size_t limit, char **contents)
{
	AUTO_FREE char *buffer = NULL;
	size_t size = 4096;
	size_t length = 0;

	for (;;) {
		char *larger = realloc(buffer, size + 1);
		ssize_t got;

		if (!larger)
			return -ENOMEM;
		buffer = larger;
		got = read_up_to(fd, buffer + length, size - length);
		if (got < 0)
			return got;
		length += (size_t)got;
		if (length > limit)
			return -EFBIG;
		if (length < size)
			break;
		size *= 2;
	}
	buffer[length] = '\0';
	*contents = buffer;
	buffer = NULL;
	return (ssize_t)length;
}

ssize_t file_load_at(int dir_fd, const char *name, size_t limit, char **contents)
{
	AUTO_CLOSE int fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : file_load_fd(fd, limit, contents);
}

int file_open_entries(int dir_fd, DIR **entries)
{
	int fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int ret;

	*entries = NULL;
	if (fd < 0)
		return -errno;
	*entries = fdopendir(fd);
	if (*entries)
		return 0;
	ret = -errno;
	close(fd);
	return ret;
}

/* Mounts that appear elsewhere meanwhile are seldom so many in turn. */
#define RESOLVE_TRIES 1000

int file_open_resolved(int dir_fd, const char *path, uint64_t flags, uint64_t resolve)
{
	const struct open_how how = {.flags = flags | O_CLOEXEC, .resolve = resolve};
	long fd = -1;

	errno = EAGAIN;
	for (unsigned int i = 0; i < RESOLVE_TRIES && fd < 0 && errno == EAGAIN; i++)
		fd = syscall(SYS_openat2, dir_fd, path, &how, sizeof(how));
	return fd < 0 ? -errno : (int)fd;
}

int file_open_in_root(int root_fd, const char *path)
{
	return file_open_resolved(root_fd, path, O_PATH, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
}

ssize_t file_read_in_root(int root_fd, const char *path, char *buffer, size_t size)
{
	AUTO_CLOSE int found = file_open_in_root(root_fd, path);
	AUTO_CLOSE int fd = -1;
	char name[64];
	struct stat st;
	ssize_t length;

	if (found < 0)
		return found;
	if (fstat(found, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	snprintf(name, sizeof(name), "/proc/self/fd/%d", found);
	/* Files of procfs say they are empty; reading some, as kmsg, takes something away. */
	if (st.st_size == 0) {
		buffer[0] = '\0';
		return 0;
	}
	/* O_NONBLOCK: whoever holds a lease on the file could let others wait; see fcntl(2). */
	fd = open(name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	length = read_up_to(fd, buffer, size - 1);
	buffer[length < 0 ? 0 : length] = '\0';
	return length;
}
