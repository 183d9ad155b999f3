/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What one user can pile up without end.  Writes its PID to FILE when it is
 * done, and stays.  To be run in a user namespace of its own.
 *
 * bomb mounts COUNT DEPTH FILE
 *	A net namespace, mounted COUNT times in a mnt namespace, below DEPTH
 *	directories with names of 200 bytes; nothing else holds it.
 * bomb table PROCESSES DESCRIPTORS FILE
 *	PROCESSES more with the same table (CLONE_FILES) of DESCRIPTORS
 *	descriptors of a net namespace that they are not in.
 * bomb sockets PROCESSES DESCRIPTORS FILE
 *	The same with sockets of it.
 * bomb passwd PROCESSES KIBIBYTES FILE
 *	PROCESSES in mnt namespaces of their own, with a passwd file of so many
 *	KIBIBYTES: the caller is at its end.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_LENGTH 200

static void enter_net_ns(void)
{
	if (unshare(CLONE_NEWNET) < 0)
		err(1, "unshare");
}

static void mount_once(int number)
{
	char name[16];
	int fd;

	snprintf(name, sizeof(name), "%d", number);
	fd = open(name, O_CREAT | O_WRONLY, 0600);
	if (fd < 0 || close(fd) < 0 || mount("/proc/self/ns/net", name, NULL, MS_BIND, NULL) < 0)
		err(1, "mount %d", number);
}

static void mounts(int count, int depth)
{
	char name[NAME_LENGTH + 1];

	memset(name, 'd', NAME_LENGTH);
	name[NAME_LENGTH] = '\0';
	if (unshare(CLONE_NEWNS | CLONE_NEWNET) < 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("bomb", "/mnt", "tmpfs", 0, NULL) < 0 || chdir("/mnt") < 0)
		err(1, "a tmpfs on /mnt");
	for (int i = 0; i < depth; i++) {
		if (mkdir(name, 0700) < 0 || chdir(name) < 0)
			err(1, "directory %d", i);
	}
	for (int i = 0; i < count; i++)
		mount_once(i);
	enter_net_ns();
}

static int wait_for_end(void *unused)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;)
		pause();
	return unused != NULL;
}

static void start_sharer(void)
{
	const size_t size = 16384;
	char *stack = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (stack == MAP_FAILED ||
	    clone(wait_for_end, stack + size, CLONE_FILES | CLONE_VM | SIGCHLD, NULL) < 0)
		err(1, "clone");
}

static void table(int processes, int descriptors, bool of_sockets)
{
	struct rlimit limit;
	int fd;

	enter_net_ns();
	fd = of_sockets ? socket(AF_INET, SOCK_DGRAM, 0) : open("/proc/self/ns/net", O_RDONLY);
	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		err(1, "getrlimit");
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	enter_net_ns();
	while (--descriptors > 0) {
		if (fd < 0 || dup(fd) < 0)
			err(1, "descriptor");
	}
	while (processes-- > 0)
		start_sharer();
}

static void write_passwd(const char *path, long size)
{
	FILE *file = fopen(path, "w");

	for (int i = 1; file && ftell(file) < size; i++)
		fprintf(file, "user%d:x:%d:%d::/:/bin/sh\n", i, i, i);
	if (!file || fprintf(file, "root:x:0:0::/:/bin/sh\n") < 0 || fclose(file) != 0)
		err(1, "%s", path);
}

static void start_reader(int ready_fd)
{
	pid_t child = fork();
	char ready = '.';

	if (child != 0)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (unshare(CLONE_NEWNS) < 0 || write(ready_fd, &ready, 1) != 1)
		err(1, "unshare");
	for (;;)
		pause();
}

static void passwd(int processes, int kibibytes)
{
	int ends[2];
	char ready;

	if (unshare(CLONE_NEWNS | CLONE_NEWUTS) < 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("bomb", "/mnt", "tmpfs", 0, NULL) < 0)
		err(1, "a tmpfs on /mnt");
	write_passwd("/mnt/passwd", (long)kibibytes << 10);
	if (mount("/mnt/passwd", "/etc/passwd", NULL, MS_BIND, NULL) < 0 || pipe(ends) < 0)
		err(1, "/etc/passwd");
	for (int i = 0; i < processes; i++)
		start_reader(ends[1]);
	for (int i = 0; i < processes; i++) {
		if (read(ends[0], &ready, 1) != 1)
			err(1, "a process of its own");
	}
}

static void tell(const char *path)
{
	FILE *file = fopen(path, "w");

	if (!file || fprintf(file, "%d", getpid()) < 0 || fclose(file) != 0)
		err(1, "%s", path);
}

int main(int argc, char **argv)
{
	if (argc != 5)
		errx(2, "usage: bomb mounts|table|sockets|passwd NUMBER NUMBER FILE");
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (strcmp(argv[1], "mounts") == 0)
		mounts(atoi(argv[2]), atoi(argv[3]));
	else if (strcmp(argv[1], "passwd") == 0)
		passwd(atoi(argv[2]), atoi(argv[3]));
	else
		table(atoi(argv[2]), atoi(argv[3]), strcmp(argv[1], "sockets") == 0);
	tell(argv[4]);
	for (;;)
		pause();
}
