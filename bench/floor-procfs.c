/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * floor-procfs: what procfs takes at the least.  One thread; of each process
 * ten readlink(2) and one read of stat, and nothing is done with them.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char *const links[] = {
    "cgroup", "ipc", "mnt", "net", "pid", "pid_for_children", "time", "time_for_children", "user", "uts"};

static void read_process(int proc, const char *pid)
{
	char path[64];
	char text[4096];
	int fd;

	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		snprintf(path, sizeof(path), "%s/ns/%s", pid, links[i]);
		if (readlinkat(proc, path, text, sizeof(text)) < 0)
			continue; /* it ended, or it may not be read */
	}
	snprintf(path, sizeof(path), "%s/stat", pid);
	fd = openat(proc, path, O_RDONLY);
	if (fd < 0)
		return;
	if (read(fd, text, sizeof(text)) < 0)
		perror(path);
	close(fd);
}

int main(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	if (!proc)
		return 1;
	while ((entry = readdir(proc))) {
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
			read_process(dirfd(proc), entry->d_name);
	}
	return 0;
}
