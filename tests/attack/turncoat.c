/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A target that becomes another while it is entered.
 *
 * turncoat KIND FILE       makes FILE, waits, and on SIGUSR1 changes what KIND
 *                          says; FILE.jail is a root, FILE.setuid a program
 * turncoat stray PID FILE  joins the mnt namespace of PID, keeps its own root, and
 *                          makes FILE
 * turncoat jailed DIR FILE changes its root to DIR, and makes FILE
 * turncoat tell            prints all that a target decides about its program
 * turncoat naive PID CMD…  enters as one would without a second look: reads the
 *                          links, opens the directories, joins by the pidfd
 */
#include <err.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char *const links[] = {"cgroup", "ipc", "mnt", "net", "pid_for_children", "time", "user", "uts"};
static const int flags[] = {0x02000000, 0x08000000, 0x00020000, 0x40000000,
			    0x20000000, 0x00000080, 0x10000000, 0x04000000};
#define COUNT (sizeof(flags) / sizeof(flags[0]))

static void say(const char *file, const char *word)
{
	int fd = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);

	if (fd < 0 || write(fd, word, strlen(word)) < 0)
		err(1, "%s", file);
	close(fd);
}

static void place(const char *name)
{
	struct stat st;

	if (stat(name, &st) < 0)
		err(1, "%s", name);
	printf("%s %lu\n", name, (unsigned long)st.st_ino);
}

static int tell(void)
{
	char text[256];
	gid_t groups[64];
	int count;

	for (size_t i = 0; i < COUNT; i++) {
		char path[64];
		ssize_t length;

		snprintf(path, sizeof(path), "/proc/self/ns/%s", i == 4 ? "pid" : links[i]);
		length = readlink(path, text, sizeof(text) - 1);
		text[length < 0 ? 0 : length] = '\0';
		puts(text);
	}
	place("/");
	place(".");
	printf("ids %d %d %d %d", getuid(), geteuid(), getgid(), getegid());
	count = getgroups(64, groups);
	for (int i = 0; i < count; i++)
		printf(" %d", groups[i]);
	puts("");
	return 0;
}

static void must(long result, const char *what)
{
	if (result < 0)
		err(1, "%s", what);
}

static void wait_for_signal(void)
{
	sigset_t set;
	int number;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigwait(&set, &number);
}

static void *other_thread(void *self)
{
	must(unshare(CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWNS), "unshare");
	wait_for_signal();
	/* Becomes the thread that leads, with its own namespaces. */
	execl(self, self, "wait", NULL);
	err(1, "exec");
}

static void jail(const char *file)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s.jail", file);
	must(chroot(path), "chroot");
	must(chdir("/inner"), "chdir");
}

static void exec_setuid(const char *file)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s.setuid", file);
	execl(path, path, "wait", NULL);
	err(1, "%s", path);
}

static void turn(const char *kind, const char *file)
{
	if (strcmp(kind, "user-mnt") == 0)
		must(unshare(CLONE_NEWUSER | CLONE_NEWNS), "unshare");
	else if (strcmp(kind, "user") == 0)
		must(unshare(CLONE_NEWUSER), "unshare");
	else if (strcmp(kind, "mnt-uts") == 0)
		must(unshare(CLONE_NEWNS | CLONE_NEWUTS), "unshare");
	else if (strcmp(kind, "net-ipc") == 0)
		must(unshare(CLONE_NEWNET | CLONE_NEWIPC), "unshare");
	else if (strcmp(kind, "root") == 0)
		jail(file);
	else if (strcmp(kind, "setuid") == 0)
		exec_setuid(file);
	else if (strcmp(kind, "ids") == 0)
		must(syscall(SYS_setgroups, 0, NULL) | setresgid(61235, 61235, 61235) |
			 setresuid(61234, 61234, 61234),
		     "ids");
	else
		errx(2, "what is '%s'?", kind);
}

static _Noreturn void wait_here(void)
{
	for (;;)
		pause();
}

static _Noreturn void report_and_wait(int fd)
{
	must(write(fd, "ready", 5), "write");
	wait_here();
}

static _Noreturn void stray(const char *pid, const char *file)
{
	int root = open("/", O_PATH), out = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0644), mnt;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%s/ns/mnt", pid);
	must(mnt = open(path, O_RDONLY), path);
	must(setns(mnt, CLONE_NEWNS), "setns");
	must(fchdir(root), "root");
	must(chroot("."), "chroot");
	report_and_wait(out);
}

static _Noreturn void be_jailed(const char *dir, const char *file)
{
	int out = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	must(chroot(dir), dir);
	must(chdir("/"), "chdir");
	report_and_wait(out);
}

static int naive(char **argv)
{
	int mask = 0, pidfd = (int)syscall(SYS_pidfd_open, atoi(argv[0]), 0), root, wd;
	char path[64], own[64], its[64];

	for (size_t i = 0; i < COUNT; i++) {
		ssize_t a, b;

		snprintf(path, sizeof(path), "/proc/self/ns/%s", links[i]);
		a = readlink(path, own, sizeof(own));
		snprintf(path, sizeof(path), "/proc/%s/ns/%s", argv[0], links[i]);
		b = readlink(path, its, sizeof(its));
		if (a != b || memcmp(own, its, (size_t)a) != 0)
			mask |= flags[i];
	}
	snprintf(path, sizeof(path), "/proc/%s/root", argv[0]);
	must(root = open(path, O_PATH), path);
	snprintf(path, sizeof(path), "/proc/%s/cwd", argv[0]);
	must(wd = open(path, O_PATH), path);
	if (mask)
		must(setns(pidfd, mask), "setns");
	must(fchdir(root), "root");
	must(chroot("."), "chroot");
	must(fchdir(wd), "cwd");
	execvp(argv[1], argv + 1);
	err(1, "%s", argv[1]);
}

int main(int argc, char **argv)
{
	sigset_t set;
	pthread_t other;

	if (argc == 2 && strcmp(argv[1], "tell") == 0)
		return tell();
	if (argc > 3 && strcmp(argv[1], "naive") == 0)
		return naive(argv + 2);
	if (argc == 4 && strcmp(argv[1], "stray") == 0)
		stray(argv[2], argv[3]);
	if (argc == 4 && strcmp(argv[1], "jailed") == 0)
		be_jailed(argv[2], argv[3]);
	if (argc == 2 && strcmp(argv[1], "wait") == 0) {
		/* Executing a set-user-ID file cleared it (prctl(2)). */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() == 1)
			return 1;
		wait_here();
	}
	if (argc != 3)
		errx(2, "usage: turncoat KIND FILE");
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_DUMPABLE, 1);
	if (strcmp(argv[1], "thread") == 0)
		pthread_create(&other, NULL, other_thread, argv[0]);
	say(argv[2], "ready");
	if (strcmp(argv[1], "thread") == 0)
		wait_here();
	wait_for_signal();
	turn(argv[1], argv[2]);
	wait_here();
}
