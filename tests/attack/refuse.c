/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * refuse ERRNO CALL… -- COMMAND…: runs the command where these system calls
 * fail, as a container engine's seccomp filter lets them.
 */
#include <err.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CALLS_MAX 16

static const struct {
	const char *name;
	unsigned int number;
} calls[] = {
    {"pidfd_open", 434},
    {"pidfd_send_signal", 424},
    {"openat2", 437},
    {"close_range", 436},
    {"pidfd_getfd", 438},
    {"clone3", 435},
    {"statx", SYS_statx},
    {"getsid", SYS_getsid},
    /* without which nothing can be entered */
    {"setns", SYS_setns},
    {"chroot", SYS_chroot},
    {"fchdir", SYS_fchdir},
    {"setgroups", SYS_setgroups},
    {"setresgid", SYS_setresgid},
    {"setresuid", SYS_setresuid},
    {"capget", SYS_capget},
    {"capset", SYS_capset},
    {"prctl", SYS_prctl},
    {"mount", SYS_mount},
    {"unshare", SYS_unshare},
    {"pipe2", SYS_pipe2},
};

static unsigned int number_of(const char *name)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		if (strcmp(calls[i].name, name) == 0)
			return calls[i].number;
	}
	errx(2, "unknown call %s", name);
}

int main(int argc, char **argv)
{
	struct sock_filter filter[2 * CALLS_MAX + 2] = {
	    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	};
	unsigned short length = 1;
	int next = 2;

	for (; next < argc && strcmp(argv[next], "--") != 0 && next < CALLS_MAX; next++) {
		filter[length++] =
		    (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number_of(argv[next]), 0, 1);
		filter[length++] = (struct sock_filter)BPF_STMT(
		    BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned int)atoi(argv[1]));
	}
	filter[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	if (next + 1 >= argc)
		errx(2, "no command");
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &(struct sock_fprog){length, filter}, 0, 0) < 0 &&
	    (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	     prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &(struct sock_fprog){length, filter}, 0, 0) < 0))
		err(2, "seccomp");
	execvp(argv[next + 1], argv + next + 1);
	err(2, "%s", argv[next + 1]);
}
