/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Processes that are killed and replaced, to be entered meanwhile.  Each has
 * uts, ipc and mnt namespaces and a working directory of its own, and each of
 * these tells its serial number.
 *
 * reuse race DIR ROUNDS plain|pinned COMMAND...
 *	As PID 1 of a pid namespace: kills and replaces them at random, and runs
 *	COMMAND, with a PID or PID:INODE learned before for each "@" in it.
 * reuse tell DIR
 *	What COMMAND runs inside: the number that all of them agree upon.
 * reuse naive PID COMMAND...
 *	Remembers the number, and takes what has it each time it looks.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define VICTIMS 4
#define FIRST_SERIAL 100000 /* above what the kernel has for msgmax */
#define MIDWIFE 299         /* PIDs up to here are not given again of themselves: see pid_namespaces(7) */

struct victim {
	volatile uint32_t serial; /* 0 while it changes */
	volatile pid_t pid;
	volatile uint64_t inode;
};

static struct board {
	struct victim victims[VICTIMS];
	volatile uint32_t next; /* whom it hits next */
	volatile uint32_t round;
} * board;

static const char *dir;

static uint32_t number_of(const char *text)
{
	uint32_t number = (uint32_t)strtoul(text, NULL, 10);

	return number >= FIRST_SERIAL ? number : 0;
}

static void write_file(const char *path, uint32_t number)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	if (fd < 0 || dprintf(fd, "%u", number) < 0)
		err(1, "%s", path);
	close(fd);
}

/* A child, or with CLONE_PARENT a sibling, with this PID where it is not 0. */
static pid_t bear(pid_t pid, uint64_t flags)
{
	struct clone_args args = {
	    .flags = flags,
	    .exit_signal = flags & CLONE_PARENT ? 0 : SIGCHLD,
	    .set_tid = pid ? (uintptr_t)&pid : 0,
	    .set_tid_size = pid != 0,
	};

	return (pid_t)syscall(SYS_clone3, &args, sizeof(args));
}

/* Has all ready before the old one dies; the new one has everything from its first moment. */
static void replace(struct victim *victim, uint32_t serial, bool wait)
{
	pid_t old = victim->pid;
	pid_t born = -1;
	uint32_t round = board->round;
	struct stat st;
	char name[16];

	snprintf(name, sizeof(name), "%u", serial);
	if (unshare(CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNS) < 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 || sethostname(name, strlen(name)) < 0 ||
	    mount("churn", dir, "tmpfs", 0, NULL) < 0 || chdir(dir) < 0 || mkdir(name, 0755) < 0)
		err(1, "victim %u", serial);
	write_file("/proc/sys/kernel/msgmax", serial);
	write_file("serial", serial);
	if (chdir(name) < 0)
		err(1, "%s", name);
	for (int i = 0; wait && round == board->round && i < 100; i++)
		usleep(20);
	usleep((useconds_t)(random() % 700));
	victim->serial = 0;
	if (old)
		kill(old, SIGKILL);
	old = random() % 4 ? old : 0;
	for (int i = 0; born < 0 && i < 1000; i++) {
		born = bear(i < 500 ? old : 0, CLONE_PARENT);
		if (born < 0)
			usleep(20);
	}
	if (born < 0) {
		victim->pid = 0;
		err(1, "victim %u", serial);
	}
	/* By both: the newborn may run late, and whoever has the old PID by then would be killed for it. */
	victim->pid = born ? born : (pid_t)syscall(SYS_getpid);
	if (born)
		_exit(0);
	if (fstat((int)syscall(SYS_pidfd_open, victim->pid, 0), &st) < 0)
		err(1, "pidfd");
	victim->inode = st.st_ino;
	victim->serial = serial;
	for (;;)
		pause();
}

static void churn(void)
{
	/* Children go without being waited for, and so do their PIDs. */
	signal(SIGCHLD, SIG_IGN);
	for (uint32_t serial = FIRST_SERIAL;; serial++) {
		uint32_t made = serial - FIRST_SERIAL;
		uint32_t which = made < VICTIMS ? made : board->next;
		pid_t midwife = bear(MIDWIFE, 0);

		if (midwife == 0) {
			srandom(serial);
			replace(&board->victims[which], serial, made >= VICTIMS);
		}
		if (midwife < 0 && errno != EEXIST && errno != EAGAIN)
			err(1, "clone3");
		while (midwife > 0 && waitpid(midwife, NULL, 0) < 0 && errno == EINTR)
			;
	}
}

/* Runs the command with target for each "@"; what it says is in text. */
static int run(char **command, char *target, char *text, size_t size)
{
	char *argv[64] = {NULL};
	size_t used = 0;
	ssize_t length;
	int status = -1;
	int out[2];
	pid_t child;

	for (size_t i = 0; command[i] && i < 63; i++)
		argv[i] = strcmp(command[i], "@") == 0 ? target : command[i];
	if (pipe2(out, O_CLOEXEC) < 0)
		err(1, "pipe");
	for (int i = 0; (child = fork()) < 0; i++) {
		if (i == 1000)
			err(1, "fork");
		usleep(100);
	}
	if (child == 0) {
		dup2(out[1], STDOUT_FILENO);
		dup2(out[1], STDERR_FILENO);
		execvp(argv[0], argv);
		_exit(99);
	}
	close(out[1]);
	while (used < size - 1 && (length = read(out[0], text + used, size - 1 - used)) > 0)
		used += (size_t)length;
	text[used] = '\0';
	close(out[0]);
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static struct victim choose(uint32_t which)
{
	const struct victim *victim = &board->victims[which];
	struct victim chosen;

	for (int i = 0; i < 100000; i++) {
		chosen.serial = victim->serial;
		chosen.pid = victim->pid;
		chosen.inode = victim->inode;
		if (chosen.serial && chosen.serial == victim->serial)
			return chosen;
		board->next = which; /* it may have failed to be born */
		usleep(100);
	}
	errx(1, "no victim was born");
}

static int race(unsigned long rounds, bool pinned, char **command)
{
	unsigned long entered = 0, other = 0, refused = 0, mixed = 0, odd = 0, reused = 0;
	char text[512];
	pid_t child;

	write_file("/proc/sys/kernel/pid_max", 330);
	do {
		child = fork();
		if (child < 0)
			err(1, "fork");
		if (child == 0 && syscall(SYS_getpid) > MIDWIFE)
			churn();
		if (child == 0)
			_exit(0);
		if (child <= MIDWIFE)
			waitpid(child, NULL, 0);
	} while (child <= MIDWIFE);
	for (unsigned long i = 0; i < rounds; i++) {
		uint32_t which = (uint32_t)random() % VICTIMS;
		struct victim chosen = choose(which);
		char target[48];
		int status;

		snprintf(target, sizeof(target), pinned ? "%d:%ju" : "%d", chosen.pid,
			 (uintmax_t)chosen.inode);
		board->next = random() % 4 ? which : (uint32_t)random() % VICTIMS;
		board->round++;
		usleep((useconds_t)random() % 500);
		status = run(command, target, text, sizeof(text));
		reused +=
		    board->victims[which].serial != chosen.serial && board->victims[which].pid == chosen.pid;
		if (strstr(text, "mixed"))
			mixed++;
		else if (status == 0 && number_of(text) == chosen.serial)
			entered++;
		else if (status == 0 && text[0])
			other++;
		else if (status == 125 && !number_of(text))
			refused++;
		else
			odd++;
		if (!(status == 0 || status == 125) || strstr(text, "mixed"))
			fprintf(stderr, "%s: status %d, %s\n", target, status, text);
	}
	printf("entered=%lu other=%lu refused=%lu mixed=%lu odd=%lu reused=%lu\n", entered, other, refused,
	       mixed, odd, reused);
	return 0;
}

/* The last is 0 where nobody has set it; then none of the others may be set. */
static int tell(void)
{
	char text[4096] = "";
	struct msginfo info;
	uint32_t found[4];
	int fd;

	gethostname(text, sizeof(text));
	found[0] = number_of(text);
	found[1] = msgctl(0, IPC_INFO, (struct msqid_ds *)&info) < 0 ? 0 : (uint32_t)info.msgmax;
	found[1] = found[1] >= FIRST_SERIAL ? found[1] : 0;
	found[2] = getcwd(text, sizeof(text)) && strrchr(text, '/') ? number_of(strrchr(text, '/') + 1) : 0;
	memset(text, 0, sizeof(text));
	fd = chdir(dir) < 0 ? -1 : open("serial", O_RDONLY);
	found[3] = fd >= 0 && read(fd, text, sizeof(text) - 1) > 0 ? number_of(text) : 0;
	for (size_t i = 0; i < 3; i++) {
		if (found[i] != found[3])
			return printf("mixed: uts %u ipc %u wd %u mnt %u\n", found[0], found[1], found[2],
				      found[3]) < 0;
	}
	return printf("%u\n", found[3]) < 0;
}

static int enter_naively(const char *pid, char **command)
{
	static const char *const names[] = {"ns/uts", "ns/ipc", "cwd", "ns/mnt"};
	int fds[4];

	for (size_t i = 0; i < 4; i++) {
		char path[64];

		snprintf(path, sizeof(path), "/proc/%s/%s", pid, names[i]);
		fds[i] = open(path, O_RDONLY | O_CLOEXEC);
		usleep(5000); /* longer than a victim lives unasked */
	}
	if (setns(fds[0], 0) < 0 || setns(fds[1], 0) < 0 || setns(fds[3], 0) < 0 || fchdir(fds[2]) < 0)
		errx(125, "refused");
	execvp(command[0], command);
	return 99;
}

int main(int argc, char **argv)
{
	dir = argc > 2 ? argv[2] : "";
	if (argc == 3 && strcmp(argv[1], "tell") == 0)
		return tell();
	if (argc > 3 && strcmp(argv[1], "naive") == 0)
		return enter_naively(argv[2], argv + 3);
	board = mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (board != MAP_FAILED && argc > 5 && strcmp(argv[1], "race") == 0)
		return race(strtoul(argv[3], NULL, 10), strcmp(argv[4], "pinned") == 0, argv + 5);
	errx(2, "usage: reuse race|tell|naive ...");
}
