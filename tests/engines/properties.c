/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * properties [FILE [PROGRAM [ARGUMENT]...]]: prints what the kernel knows of this process, one property a
 * line, sorted: run by a container engine's exec and by nsctl's, it shows in what the two differ.  Numbers
 * that differ in every run (its PID, that of its session) are printed as relations.  With
 * FILE it writes them there: podman 4.3 may lose the end of what an exec prints.  Then it executes PROGRAM:
 * so it has those of a container's first process.
 *
 * For the tests only; linked statically, as it runs in trees without libraries.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

enum { LINES = 512, TEXT_SIZE = 4096 };

extern char **environ;

static char *lines[LINES];
static int line_count;

static void add(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	if (line_count == LINES || vasprintf(&lines[line_count], format, arguments) < 0)
		abort();
	va_end(arguments);
	line_count++;
}

static int compare(const void *one, const void *other)
{
	return strcmp(*(char *const *)one, *(char *const *)other);
}

/* Each line of a file of /proc/self, with a name before it. */
static void add_file(const char *name, const char *path)
{
	FILE *file = fopen(path, "re");
	char line[TEXT_SIZE];

	if (file == NULL || fgets(line, sizeof(line), file) == NULL) {
		add("%s: %s", name, strerror(errno));
	} else {
		do {
			line[strcspn(line, "\n")] = '\0';
			add("%s: %s", name, line);
		} while (fgets(line, sizeof(line), file) != NULL);
	}
	if (file != NULL)
		fclose(file);
}

/* The lines of /proc/self/status that do not count memory, nor name this run. */
static void add_status(void)
{
	static const char *const fields[] = {
	    "Uid",
	    "Gid",
	    "CapInh",
	    "CapPrm",
	    "CapEff",
	    "CapBnd",
	    "CapAmb",
	    "NoNewPrivs",
	    "Seccomp",
	    "Seccomp_filters",
	    "SigBlk",
	    "SigIgn",
	    "SigCgt",
	    "Speculation_Store_Bypass",
	    "SpeculationIndirectBranch",
	    "THP_enabled",
	    "Umask",
	    "Cpus_allowed_list",
	    "Mems_allowed_list",
	    "untag_mask",
	};
	FILE *file = fopen("/proc/self/status", "re");
	char line[TEXT_SIZE];

	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		size_t length = strcspn(line, ":");

		for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
			if (strlen(fields[i]) != length || strncmp(line, fields[i], length) != 0)
				continue;
			line[strcspn(line, "\n")] = '\0';
			for (char *tab = line; (tab = strchr(tab, '\t')) != NULL;)
				*tab = ' ';
			add("%s", line);
		}
	}
	if (file != NULL)
		fclose(file);
}

static void add_groups(void)
{
	gid_t groups[256];
	char text[TEXT_SIZE] = "";
	int count = getgroups(256, groups);
	int length = 0;

	for (int i = 0; i < count; i++)
		length += snprintf(text + length, sizeof(text) - length, " %u", groups[i]);
	add("Groups in order:%s", text);
}

static void add_limits(void)
{
	static const char *const names[] = {"cpu",      "fsize",  "data",    "stack", "core",  "rss",
					    "nproc",    "nofile", "memlock", "as",    "locks", "sigpending",
					    "msgqueue", "nice",   "rtprio",  "rttime"};
	struct rlimit limit;

	for (int i = 0; i < (int)(sizeof(names) / sizeof(*names)); i++) {
		if (getrlimit(i, &limit) == 0)
			add("limit %s: %lld %lld", names[i], (long long)limit.rlim_cur,
			    (long long)limit.rlim_max);
	}
}

static void add_links(void)
{
	static const char *const names[] = {
	    "cgroup", "ipc", "mnt", "net", "pid", "pid_for_children", "time", "time_for_children",
	    "user",   "uts",
	};
	char path[64], text[TEXT_SIZE];

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(path, sizeof(path), "/proc/self/ns/%s", names[i]);
		ssize_t length = readlink(path, text, sizeof(text) - 1);

		text[length < 0 ? 0 : length] = '\0';
		add("namespace %s: %s", names[i], length < 0 ? strerror(errno) : text);
	}
}

static void add_place(const char *path)
{
	struct stat status;

	if (stat(path, &status) == 0)
		add("place %s: %lu:%lu", path, (unsigned long)status.st_dev, (unsigned long)status.st_ino);
	else
		add("place %s: %s", path, strerror(errno));
}

static const char *kind_of(mode_t mode)
{
	return S_ISCHR(mode)    ? "character device"
	       : S_ISFIFO(mode) ? "pipe"
	       : S_ISSOCK(mode) ? "socket"
	       : S_ISREG(mode)  ? "file"
	       : S_ISDIR(mode)  ? "directory"
				: "other";
}

static void add_streams(void)
{
	struct stat status;
	char tty[TEXT_SIZE];

	for (int fd = 0; fd <= 2; fd++) {
		if (fstat(fd, &status) != 0) {
			add("stream %d: %s", fd, strerror(errno));
			continue;
		}
		if (ttyname_r(fd, tty, sizeof(tty)) != 0)
			strcpy(tty, isatty(fd) ? "a terminal without a name" : "no terminal");
		add("stream %d: %s, %s, access %d, owner %u, mode %o", fd, kind_of(status.st_mode), tty,
		    fcntl(fd, F_GETFL) & O_ACCMODE, status.st_uid, status.st_mode & 07777);
	}
}

/* Whatever is open beyond the three is a leak. */
static void add_descriptors(void)
{
	DIR *directory = opendir("/proc/self/fd");
	char text[TEXT_SIZE];
	struct dirent *entry;

	while (directory != NULL && (entry = readdir(directory)) != NULL) {
		int fd = atoi(entry->d_name);

		if (entry->d_name[0] == '.' || fd <= 2 || fd == dirfd(directory))
			continue;
		ssize_t length = readlinkat(dirfd(directory), entry->d_name, text, sizeof(text) - 1);

		text[length < 0 ? 0 : length] = '\0';
		add("descriptor %d: %s", fd, text);
	}
	if (directory != NULL)
		closedir(directory);
}

static void add_terminal(void)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
	struct termios modes;
	struct winsize size;

	add("controlling terminal: %s", fd >= 0 ? "yes" : strerror(errno));
	if (fd >= 0)
		close(fd);
	if (ioctl(0, TIOCGWINSZ, &size) == 0)
		add("terminal size: %u x %u", size.ws_row, size.ws_col);
	if (tcgetattr(0, &modes) == 0)
		add("terminal modes: %x %x %x %x", modes.c_iflag, modes.c_oflag, modes.c_cflag,
		    modes.c_lflag);
	if (isatty(0))
		add("in the foreground: %s", tcgetpgrp(0) == getpgrp() ? "yes" : strerror(errno));
}

static void add_session(void)
{
	add("session: %s", getsid(0) == getpid() ? "own" : getsid(0) == 0 ? "outside" : "another's");
	add("process group: %s", getpgrp() == getpid() ? "own" : getpgrp() == 0 ? "outside" : "another's");
	add("parent: %s", getppid() == 0 ? "outside" : getppid() == 1 ? "process 1" : "inside");
	add("process 1: %s", getpid() == 1 ? "yes" : "no");
}

static void add_attributes(void)
{
	int death_signal = 0, subreaper = 0;

	prctl(PR_GET_PDEATHSIG, &death_signal);
	prctl(PR_GET_CHILD_SUBREAPER, &subreaper);
	add("signal at the parent's death: %d", death_signal);
	add("subreaper: %d", subreaper);
	add("dumpable: %d", prctl(PR_GET_DUMPABLE));
	add("keeps capabilities: %d", prctl(PR_GET_KEEPCAPS));
	add("securebits: %d", prctl(PR_GET_SECUREBITS));
	add("timer slack: %d", prctl(PR_GET_TIMERSLACK));
	add("huge pages off: %d", prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0));
	add("personality: %x", personality(0xffffffff));
	add("nice: %d", getpriority(PRIO_PROCESS, 0));
	add("I/O priority: %ld", syscall(SYS_ioprio_get, 1, 0));
	add("scheduling policy: %d", sched_getscheduler(0));
}

static void add_environment(void)
{
	for (char **variable = environ; *variable != NULL; variable++)
		add("environment: %s", *variable);
}

int main(int argc, char **argv)
{
	char text[TEXT_SIZE];

	add("program: %s", argv[0]);
	add("directory: %s", getcwd(text, sizeof(text)) != NULL ? text : strerror(errno));
	add_status();
	add_groups();
	add_limits();
	add_links();
	add_place("/");
	add_place(".");
	add_streams();
	add_descriptors();
	add_terminal();
	add_session();
	add_attributes();
	add_environment();
	add_file("cgroup", "/proc/self/cgroup");
	add_file("coredump filter", "/proc/self/coredump_filter");
	add_file("label", "/proc/self/attr/current");
	add_file("login user", "/proc/self/loginuid");
	add_file("oom_score_adj", "/proc/self/oom_score_adj");
	add_file("uid_map", "/proc/self/uid_map");
	add_file("gid_map", "/proc/self/gid_map");
	qsort(lines, line_count, sizeof(*lines), compare);
	FILE *file = argc > 1 ? fopen(argv[1], "we") : stdout;

	if (file == NULL)
		return 1;
	for (int i = 0; i < line_count; i++)
		fprintf(file, "%s\n", lines[i]);
	if (fclose(file) != 0)
		return 1;
	if (argc > 2)
		execvp(argv[2], argv + 2);
	return argc > 2;
}
