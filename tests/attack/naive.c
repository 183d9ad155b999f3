/*
 * What walks into the traps: enters a process as one does who has not heard of
 * them.
 *
 * naive leak PID PROGRAM [ARGUMENT]...
 *	Opens what it needs without O_CLOEXEC, and runs the program.
 * naive load PID
 *	Changes to the process's mnt namespace and root, and asks libc for the
 *	shell of root and for a conversion.
 */
#include <err.h>
#include <fcntl.h>
#include <iconv.h>
#include <pwd.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int open_of(const char *pid, const char *name, int flags)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/%s", pid, name);
	fd = open(path, flags);
	if (fd < 0)
		err(1, "%s", path);
	return fd;
}

static int leak(const char *pid, char **program)
{
	int ns = open_of(pid, "ns/uts", O_RDONLY);

	open_of(pid, "", O_PATH | O_DIRECTORY);
	open_of(pid, "root", O_PATH);
	open_of(pid, "cwd", O_PATH);
	if (setns(ns, CLONE_NEWUTS) < 0)
		err(1, "setns");
	execvp(program[0], program);
	err(127, "%s", program[0]);
}

static int load(const char *pid)
{
	int root = open_of(pid, "root", O_PATH | O_CLOEXEC);
	int ns = open_of(pid, "ns/mnt", O_RDONLY | O_CLOEXEC);
	const struct passwd *user;
	iconv_t conversion;

	if (setns(ns, CLONE_NEWNS) < 0 || fchdir(root) < 0 || chroot(".") < 0)
		err(1, "process %s", pid);
	user = getpwuid(0);
	conversion = iconv_open("UTF-8", "EVIL");
	if (conversion != (iconv_t)-1)
		iconv_close(conversion);
	return puts(user ? user->pw_shell : "/bin/sh") < 0;
}

int main(int argc, char **argv)
{
	if (argc > 3 && strcmp(argv[1], "leak") == 0)
		return leak(argv[2], argv + 3);
	if (argc == 3 && strcmp(argv[1], "load") == 0)
		return load(argv[2]);
	errx(2, "usage: naive leak|load PID ...");
}
