/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report LINKS: prints where and who it is, in the same words each time that it runs
 * in the same way.  LINKS has the links in /proc/PID/ns of the caller, separated by
 * spaces, in the order of the table below.  It exits with 7.
 *
 * Its own numbers (of namespaces, processes, peer groups) differ from run to run: it
 * prints how they relate to the caller's.  For the tests only; linked statically, as it
 * runs in trees without libraries.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const link_names[] = {
    "cgroup", "ipc", "mnt", "net", "pid", "pid_for_children", "time", "time_for_children", "user", "uts",
};
enum { LINKS = sizeof(link_names) / sizeof(*link_names), TEXT_SIZE = 4096 };

#define GET_OWNER_UID _IO(0xb7, 4) /* NS_GET_OWNER_UID, Linux 4.11 */

extern char **environ;

static void read_link(const char *process, const char *link, char text[TEXT_SIZE])
{
	char path[TEXT_SIZE];
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/%s/ns/%s", process, link);
	length = readlink(path, text, TEXT_SIZE - 1);
	if (length < 0)
		length = snprintf(text, TEXT_SIZE, "%s", strerror(errno));
	text[length] = '\0';
}

static int is_word_of(const char *word, int index, const char *words)
{
	for (; index > 0; index--) {
		words = strchr(words, ' ');
		if (words == NULL)
			return 0;
		words++;
	}
	return strncmp(words, word, strlen(word)) == 0 && strchr(" ", words[strlen(word)]) != NULL;
}

static void print_own_links(const char *callers)
{
	char mine[TEXT_SIZE];

	for (int i = 0; i < LINKS; i++) {
		read_link("self", link_names[i], mine);
		if (strchr(mine, '[') != NULL)
			strcpy(mine, is_word_of(mine, i, callers) ? "the caller's" : "new");
		printf("%s: %s\n", link_names[i], mine);
	}
}

/* The field of /proc/self/status; empty where there is none. */
static void read_status(const char *field, char value[TEXT_SIZE])
{
	FILE *file = fopen("/proc/self/status", "r");
	char line[TEXT_SIZE];
	size_t length = strlen(field);

	value[0] = '\0';
	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		if (strncmp(line, field, length) != 0 || line[length] != ':')
			continue;
		line[strcspn(line, "\n")] = '\0';
		strcpy(value, line + length + 1 + strspn(line + length + 1, "\t "));
	}
	if (file != NULL)
		fclose(file);
}

/* The parent has the number that the mounted /proc knows it by. */
static void print_parents_links(const char *callers)
{
	char parent[TEXT_SIZE], theirs[TEXT_SIZE], mine[TEXT_SIZE];

	read_status("PPid", parent);
	if (parent[0] == '\0' || strcmp(parent, "0") == 0)
		return;
	for (int i = 0; i < LINKS; i++) {
		read_link(parent, link_names[i], theirs);
		read_link("self", link_names[i], mine);
		if (is_word_of(theirs, i, callers))
			strcpy(theirs, "the caller's");
		else if (strcmp(theirs, mine) == 0)
			strcpy(theirs, "mine");
		else if (strchr(theirs, '[') != NULL)
			strcpy(theirs, "another");
		printf("parent's %s: %s\n", link_names[i], theirs);
	}
}

static void print_owner(void)
{
	int fd = open("/proc/self/ns/user", O_RDONLY | O_CLOEXEC);
	uid_t uid;

	if (fd >= 0 && ioctl(fd, GET_OWNER_UID, &uid) == 0)
		printf("owner: %u\n", uid);
	else
		printf("owner: %s\n", strerror(errno));
	if (fd >= 0)
		close(fd);
}

static void print_process(void)
{
	static const char *const fields[] = {"Uid",    "Gid",    "Groups", "CapInh",     "CapPrm", "CapEff",
					     "CapBnd", "CapAmb", "SigBlk", "NoNewPrivs", "SigIgn"};
	char value[TEXT_SIZE];
	int signal = 0, levels = 0;

	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		read_status(fields[i], value);
		printf("%s: %s\n", fields[i], value);
	}
	read_status("NSpid", value);
	for (char *word = strtok(value, "\t"); word != NULL; word = strtok(NULL, "\t"))
		levels++;
	prctl(PR_GET_PDEATHSIG, &signal);
	printf("levels of pid namespaces: %d, process 1: %s, parent outside: %s\n", levels,
	       getpid() == 1 ? "yes" : "no", getppid() == 0 ? "yes" : "no");
	printf("signal at the parent's death: %d\n", signal);
	printf("process group: %d, session: %d, umask: %o\n", getpgrp(), getsid(0), (unsigned)umask(0));
}

static void print_file(const char *path)
{
	FILE *file = fopen(path, "r");
	char line[TEXT_SIZE];

	if (file == NULL) {
		printf("%s: %s\n", path, strerror(errno));
		return;
	}
	while (fgets(line, sizeof(line), file) != NULL)
		printf("%s: %s", path, line);
	printf("%s: ends\n", path);
	fclose(file);
}

static void print_place(const char *path)
{
	struct stat status;

	if (stat(path, &status) == 0)
		printf("%s: %lu:%lu\n", path, (unsigned long)status.st_dev, (unsigned long)status.st_ino);
	else
		printf("%s: %s\n", path, strerror(errno));
}

/* The mount point, its options, how it propagates, its type: what proc(5) calls (5) to (9). */
static void print_mount(char *line)
{
	char *word = strtok(line, " ");
	int at_end = 0;

	for (int i = 1; word != NULL && at_end < 2; i++, word = strtok(NULL, " ")) {
		char *number = strchr(word, ':');

		at_end += at_end > 0 || strcmp(word, "-") == 0;
		if (i > 6 && number != NULL)
			*number = '\0';
		if (i >= 5)
			printf(" %s", word);
	}
	printf("\n");
}

static void print_mounts(void)
{
	FILE *file = fopen("/proc/self/mountinfo", "r");
	char line[TEXT_SIZE];

	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		printf("mount:");
		print_mount(line);
	}
	if (file != NULL)
		fclose(file);
}

/* _ has the path of the program that a shell executed: the one under test. */
static void print_environment(void)
{
	for (char **variable = environ; *variable != NULL; variable++)
		if (strncmp(*variable, "_=", 2) != 0)
			printf("environment: %s\n", *variable);
}

static void print_descriptors(void)
{
	for (int fd = 0; fd < 1024; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			printf("descriptor: %d\n", fd);
}

int main(int argc, char **argv)
{
	char text[TEXT_SIZE];

	print_descriptors();
	print_process();
	print_own_links(argc > 1 ? argv[1] : "");
	print_parents_links(argc > 1 ? argv[1] : "");
	print_owner();
	print_file("/proc/self/uid_map");
	print_file("/proc/self/gid_map");
	print_file("/proc/self/setgroups");
	print_file("/proc/self/timens_offsets");
	print_file("/proc/1/comm");
	printf("directory: %s\n", getcwd(text, sizeof(text)) != NULL ? text : strerror(errno));
	print_place("/");
	print_place(".");
	print_mounts();
	printf("host: %s\n", gethostname(text, sizeof(text)) == 0 ? text : strerror(errno));
	print_environment();
	return 7;
}
