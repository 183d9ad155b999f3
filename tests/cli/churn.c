/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * churn RATE SECONDS: up to that many processes a second come and go, one in eight
 * with namespaces of its own; then ends.
 */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const int flags[] = {CLONE_NEWUTS,    CLONE_NEWIPC, CLONE_NEWNS,  CLONE_NEWUSER,
			    CLONE_NEWCGROUP, CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWTIME};

static void live(long number)
{
	const struct timespec moment = {.tv_nsec = number % 20 * 1000000};

	if (number % 8 == 0 && unshare(flags[number / 8 % 8]) < 0)
		_exit(1);
	nanosleep(&moment, NULL);
	_exit(0);
}

int main(int argc, char **argv)
{
	long rate = argc == 3 ? atol(argv[1]) : 0;
	time_t end = argc == 3 ? time(NULL) + atol(argv[2]) : 0;
	struct timespec moment = {0};
	long count = 0;
	long failed = 0;
	int status;

	if (rate <= 0)
		return 2;
	moment.tv_nsec = 1000000000 / rate;
	for (; time(NULL) < end; count++) {
		if (fork() == 0)
			live(count);
		nanosleep(&moment, NULL);
		while (waitpid(-1, &status, WNOHANG) > 0)
			failed += status != 0;
	}
	while (wait(&status) > 0)
		failed += status != 0;
	printf("%ld processes, %ld failed\n", count, failed);
	return failed != 0;
}
