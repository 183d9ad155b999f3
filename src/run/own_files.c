/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run/own_files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"

/* Room for files that are opened after that look; the free numbers below are used first. */
#define OPENED_LATER 64

int own_files_find_last(void)
{
	AUTO_CLOSEDIR DIR *files = opendir("/proc/self/fd");
	struct dirent *entry;
	uint64_t number;
	int last = 0;

	if (!files)
		return -errno;
	while ((entry = readdir(files))) {
		if (text_parse_number(entry->d_name, INT_MAX, &number) && (int)number > last)
			last = (int)number;
	}
	return last + OPENED_LATER;
}

static int own_files_close_one(int fd)
{
	int flags = fcntl(fd, F_GETFD);
	struct stat st;

	if (flags < 0)
		return errno == EBADF ? 0 : -errno;
	if (!(flags & FD_CLOEXEC))
		return 0;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISFIFO(st.st_mode) && !S_ISSOCK(st.st_mode))
		close(fd);
	return 0;
}

int own_files_close(int first, int last)
{
	int ret = 0;

	for (int fd = first; fd <= last && ret == 0; fd++)
		ret = own_files_close_one(fd);
	return ret;
}
