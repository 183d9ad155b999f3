/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Processes of kinds that no shell can make, and facts that no program prints; for the tests only. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define GET_NS_ID _IOR(0xb7, 13, uint64_t) /* NS_GET_ID, Linux 6.18 */

static void require(int good, const char *what)
{
	if (good)
		return;
	perror(what);
	exit(1);
}

/* Tells a number through a file that appears complete or not at all. */
static void tell(const char *path, long number)
{
	char temporary[4096];
	FILE *file;

	snprintf(temporary, sizeof(temporary), "%s.new", path);
	file = fopen(temporary, "w");
	require(file != NULL, temporary);
	fprintf(file, "%ld\n", number);
	fclose(file);
	require(rename(temporary, path) == 0, path);
}

static void sleep_forever(void)
{
	for (;;)
		pause();
}

static void *live_apart(void *path)
{
	require(unshare(CLONE_NEWNET | CLONE_NEWUTS) == 0, "unshare");
	require(sethostname("apart", 5) == 0, "sethostname");
	require(prctl(PR_SET_NAME, "apart") == 0, "prctl");
	tell(path, syscall(SYS_gettid));
	sleep_forever();
	return NULL;
}

/* A thread in net and uts namespaces of its own; its id is told in the file. */
static void start_thread(char *path)
{
	pthread_t thread;

	require(pthread_create(&thread, NULL, live_apart, path) == 0, "pthread_create");
}

static void be_threads(char **argv)
{
	start_thread(argv[0]);
	sleep_forever();
}

static void *rest(void *unused)
{
	(void)unused;
	sleep_forever();
	return NULL;
}

/* A process with four threads, all in the same namespaces; tells their number. */
static void be_crowd(char **argv)
{
	for (int i = 0; i < 3; i++) {
		pthread_t thread;

		require(pthread_create(&thread, NULL, rest, NULL) == 0, "pthread_create");
	}
	tell(argv[0], 4);
	sleep_forever();
}

/* As be_threads(), and the thread that leads the process exits. */
static void be_leaderless(char **argv)
{
	start_thread(argv[0]);
	syscall(SYS_exit, 0);
}

static void be_named(char **argv)
{
	require(prctl(PR_SET_NAME, argv[0]) == 0, "prctl");
	tell(argv[1], 0);
	sleep_forever();
}

/* The parent of a zombie, whose id is told in the file. */
static void be_zombie(char **argv)
{
	pid_t child = fork();
	siginfo_t info;

	require(child >= 0, "fork");
	if (child == 0)
		_exit(0);
	require(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT) == 0, "waitid");
	tell(argv[0], child);
	sleep_forever();
}

/* Has, as descriptor 3, a socket of a net namespace that nothing else holds. */
static void be_socket(char **argv)
{
	int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	struct stat st;
	int sock;
	int ns;

	require(home >= 0 && unshare(CLONE_NEWNET) == 0, "unshare");
	ns = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	require(ns >= 0 && fstat(ns, &st) == 0, "/proc/self/ns/net");
	close(ns);
	sock = socket(AF_INET, SOCK_DGRAM, 0);
	require(sock >= 0 && setns(home, CLONE_NEWNET) == 0, "setns");
	require(dup2(sock, 3) == 3, "dup2");
	if (sock != 3)
		close(sock);
	tell(argv[0], (long)st.st_ino);
	sleep_forever();
}

/* Sends the mnt namespace that it left through a socket that nobody reads, and closes it. */
static void be_in_flight(char **argv)
{
	int home = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	char byte = 0;
	struct iovec part = {.iov_base = &byte, .iov_len = 1};
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {0};
	struct msghdr message = {
	    .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control)};
	struct stat st;
	int ends[2];
	int ns;

	require(home >= 0 && unshare(CLONE_NEWNS) == 0, "unshare");
	ns = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	require(ns >= 0 && fstat(ns, &st) == 0, "/proc/self/ns/mnt");
	require(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0, "socketpair");
	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	control.header.cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(&control.header), &ns, sizeof(ns));
	require(sendmsg(ends[0], &message, 0) == 1, "sendmsg");
	close(ns);
	require(setns(home, CLONE_NEWNS) == 0, "setns");
	close(home);
	tell(argv[0], (long)st.st_ino);
	sleep_forever();
}

/* Whose next child will be in a time namespace that nobody is in. */
static void be_expecting(char **argv)
{
	struct stat st;

	require(unshare(CLONE_NEWTIME) == 0, "unshare");
	require(stat("/proc/self/ns/time_for_children", &st) == 0, "time_for_children");
	tell(argv[0], (long)st.st_ino);
	sleep_forever();
}

/* Whose children can be none any more: the first process of their pid namespace has ended. */
static void be_bereft(char **argv)
{
	struct stat st;
	pid_t child;

	require(unshare(CLONE_NEWPID) == 0, "unshare");
	child = fork();
	require(child >= 0, "fork");
	if (child == 0)
		_exit(0);
	require(waitpid(child, NULL, 0) == child, "waitpid");
	require(stat("/proc/self/ns/pid_for_children", &st) == 0, "pid_for_children");
	tell(argv[0], (long)st.st_ino);
	sleep_forever();
}

/* Listens, as descriptor 3, at 127.0.0.1:7 of a net namespace that nothing else holds. */
static void be_listening(char **argv)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(7)};
	int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	struct stat st;
	int sock;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	require(home >= 0 && unshare(CLONE_NEWNET) == 0, "unshare");
	require(stat("/proc/self/ns/net", &st) == 0, "/proc/self/ns/net");
	require(system("ip link set lo up") == 0, "ip");
	sock = socket(AF_INET, SOCK_STREAM, 0);
	require(sock >= 0 && bind(sock, (struct sockaddr *)&address, sizeof(address)) == 0, "bind");
	require(listen(sock, 1) == 0, "listen");
	require(setns(home, CLONE_NEWNET) == 0, "setns");
	require(dup2(sock, 3) == 3, "dup2");
	require(close(sock) == 0, "close");
	tell(argv[0], (long)st.st_ino);
	sleep_forever();
}

/* As util-linux's getino: the number behind the colon of PID:INODE. */
static void print_pidfd_inode(char **argv)
{
	int fd = (int)syscall(SYS_pidfd_open, atoi(argv[0]), 0);
	struct stat st;

	require(fd >= 0 && fstat(fd, &st) == 0, argv[0]);
	printf("%ju\n", (uintmax_t)st.st_ino);
}

/* The 64-bit id of a namespace file. */
static void print_id(char **argv)
{
	int fd = open(argv[0], O_RDONLY | O_CLOEXEC);
	uint64_t id;

	require(fd >= 0, argv[0]);
	require(ioctl(fd, GET_NS_ID, &id) == 0, "NS_GET_ID");
	printf("%ju\n", (uintmax_t)id);
}

/* The lines of the file that start with one of the words. */
static void print_lines(const char *path, const char *const *words)
{
	FILE *file = fopen(path, "r");
	char line[4096];

	require(file != NULL, path);
	while (fgets(line, sizeof(line), file)) {
		for (size_t i = 0; words[i]; i++) {
			if (strncmp(line, words[i], strlen(words[i])) == 0)
				fputs(line, stdout);
		}
	}
	fclose(file);
}

static void print_place(const char *path)
{
	struct stat st;

	require(stat(path, &st) == 0, path);
	printf("%s %ju:%ju\n", path, (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
}

/* All that a program can tell of where and who it is. */
static void print_report(char **argv)
{
	static const char *const links[] = {"cgroup",           "ipc",  "mnt",  "net", "pid",
					    "pid_for_children", "time", "user", "uts"};
	static const char *const words[] = {
	    "Uid:",    "Gid:",    "Groups:", "CapInh:", "CapPrm:",    "CapEff:",  "CapBnd:", "CapAmb:",
	    "SigBlk:", "SigIgn:", "SigCgt:", "Umask:",  "NoNewPrivs", "Seccomp:", NULL};
	char text[4096];

	(void)argv;
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		char path[64];
		ssize_t length;

		snprintf(path, sizeof(path), "/proc/self/ns/%s", links[i]);
		length = readlink(path, text, sizeof(text));
		printf("%s %.*s\n", links[i], length < 0 ? 0 : (int)length, text);
	}
	print_lines("/proc/self/status", words);
	print_place("/");
	print_place(".");
	printf("%s\n", getcwd(text, sizeof(text)) ? text : "nowhere");
	for (char **variable = environ; *variable; variable++)
		puts(*variable);
}

static const struct {
	const char *name;
	int arguments;
	void (*run)(char **argv);
} kinds[] = {
    {"threads", 1, be_threads},  {"leaderless", 1, be_leaderless},      {"crowd", 1, be_crowd},
    {"named", 2, be_named},      {"in-flight", 1, be_in_flight},        {"expecting", 1, be_expecting},
    {"bereft", 1, be_bereft},    {"listening", 1, be_listening},        {"zombie", 1, be_zombie},
    {"socket", 1, be_socket},    {"pidfd-inode", 1, print_pidfd_inode}, {"id", 1, print_id},
    {"report", 0, print_report},
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(argv[1], kinds[i].name) != 0 || argc - 2 != kinds[i].arguments)
			continue;
		kinds[i].run(argv + 2);
		return 0;
	}
	fputs("usage: odd KIND ARGUMENT...\n", stderr);
	return 2;
}
