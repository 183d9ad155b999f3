/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * swap rename ONE OTHER    exchanges two names all the time
 * swap cover FILE POINT    binds FILE over POINT and unmounts POINT, all the time
 */
#include <err.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc != 4)
		errx(2, "usage: swap rename|cover ONE OTHER");
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	alarm(300);
	if (strcmp(argv[1], "rename") == 0) {
		for (;;) {
			if (renameat2(AT_FDCWD, argv[2], AT_FDCWD, argv[3], RENAME_EXCHANGE) < 0)
				err(1, "rename");
		}
	}
	for (;;) {
		/* What nsctl does meanwhile makes either fail. */
		mount(argv[2], argv[3], NULL, MS_BIND, NULL);
		umount2(argv[3], MNT_DETACH);
	}
}
