/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * load PROCESSES SETS THREADS DESCRIPTORS [uts|alone]: that many sleeping
 * processes, in so many sets of namespaces, each with so many threads and
 * descriptors beyond its own.  uts: of each set only the uts namespace is its own.
 * alone: no process outside made the set and waits, as a container runtime has
 * ended when its container runs.  Prints "ready" when all are there; ends them
 * when its standard input ends.
 */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define STACK_SIZE 16384
#define NAMESPACES (CLONE_NEWCGROUP | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS)

static void require(int good, const char *what)
{
	if (good)
		return;
	perror(what);
	exit(1);
}

static void *sleep_forever(void *unused)
{
	(void)unused;
	for (;;)
		pause();
	return NULL;
}

static void start_threads(long count)
{
	pthread_attr_t attributes;

	require(pthread_attr_init(&attributes) == 0, "pthread_attr_init");
	require(pthread_attr_setstacksize(&attributes, STACK_SIZE) == 0, "pthread_attr_setstacksize");
	for (long i = 0; i < count; i++) {
		pthread_t thread;

		require(pthread_create(&thread, &attributes, sleep_forever, NULL) == 0, "pthread_create");
	}
}

static void be_member(long threads, long descriptors)
{
	for (long i = 0; i < descriptors; i++)
		require(open("/dev/null", O_RDONLY) >= 0, "/dev/null");
	start_threads(threads);
	sleep_forever(NULL);
}

/* The first process of a set: when it ends, its pid namespace takes the others along. */
static void be_first(long members, long threads, long descriptors, int ready)
{
	char byte = 0;

	require(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0, "prctl");
	for (long i = 1; i < members; i++) {
		pid_t child = fork();

		require(child >= 0, "fork");
		if (child == 0) {
			close(ready);
			be_member(threads, descriptors);
		}
	}
	require(write(ready, &byte, 1) == 1, "write");
	close(ready);
	be_member(threads, descriptors);
}

static void start_set(int namespaces, long members, long threads, long descriptors, const int ends[2])
{
	pid_t starter = fork();
	pid_t first;

	require(starter >= 0, "fork");
	if (starter > 0)
		return;
	close(ends[0]);
	require(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0, "prctl");
	require(unshare(namespaces) == 0, "unshare");
	first = fork();
	require(first >= 0, "fork");
	if (first == 0)
		be_first(members - 1, threads, descriptors, ends[1]);
	close(ends[1]);
	sleep_forever(NULL);
}

/* The first process, with namespaces of its own from the start: its parent is load itself. */
static void start_alone(long members, long threads, long descriptors, const int ends[2])
{
	long first = syscall(SYS_clone, NAMESPACES | SIGCHLD, NULL, NULL, NULL, NULL);

	require(first >= 0, "clone");
	if (first > 0)
		return;
	close(ends[0]);
	be_first(members, threads, descriptors, ends[1]);
}

int main(int argc, char **argv)
{
	long numbers[4];
	int ends[2];
	char byte;

	if (argc != 5 && argc != 6) {
		fputs("usage: load PROCESSES SETS THREADS DESCRIPTORS [uts|alone]\n", stderr);
		return 2;
	}
	for (int i = 0; i < 4; i++)
		numbers[i] = atol(argv[i + 1]);
	require(close_range(3, ~0U, 0) == 0, "close_range");
	require(pipe2(ends, O_CLOEXEC) == 0, "pipe2");
	for (long i = 0; i < numbers[1]; i++) {
		if (argc == 6 && strcmp(argv[5], "alone") == 0)
			start_alone(numbers[0] / numbers[1], numbers[2], numbers[3], ends);
		else
			start_set(argc == 6 ? CLONE_NEWUTS : NAMESPACES, numbers[0] / numbers[1], numbers[2],
				  numbers[3], ends);
	}
	close(ends[1]);
	for (long i = 0; i < numbers[1]; i++)
		require(read(ends[0], &byte, 1) == 1, "a set could not be made");
	puts("ready");
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	kill(0, SIGTERM); /* the starters are of this group; their sets go with them */
	return 0;
}
