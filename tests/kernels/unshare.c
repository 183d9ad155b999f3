/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unshare [OPTION...] PROGRAM [ARGUMENT...]: a static program with those options
 * of util-linux's unshare(1) that guest.sh uses.  The emulated machine spends
 * more time loading a dynamic program than on what the program does, and
 * busybox's unshare knows six types of namespaces only.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif

static const struct {
	const char *name;
	int flag;
} types[] = {{"cgroup", CLONE_NEWCGROUP}, {"ipc", CLONE_NEWIPC}, {"mount", CLONE_NEWNS},
	     {"net", CLONE_NEWNET},       {"pid", CLONE_NEWPID}, {"time", CLONE_NEWTIME},
	     {"user", CLONE_NEWUSER},     {"uts", CLONE_NEWUTS}};

#define TYPES (sizeof(types) / sizeof(types[0]))

/* Options without a type. */
enum { FORK = TYPES, KILL_CHILD, MAP_ROOT_USER, MOUNT_PROC, SETGID, SETUID };

static struct {
	int flags;
	const char *kept[TYPES]; /* the files to keep the new namespaces by */
	bool has_kept;
	bool forks;
	bool kills_child;
	bool maps_root;
	bool mounts_proc;
	const char *gid;
	const char *uid;
} plan;

static int must(long result, const char *what)
{
	if (result < 0)
		err(1, "%s", what);
	return (int)result;
}

static void add_type(int type, const char *file)
{
	plan.flags |= types[type].flag;
	plan.kept[type] = file;
	plan.has_kept |= file != NULL;
}

static void add_option(int option, const char *value)
{
	if (option < (int)TYPES)
		add_type(option, value);
	else if (option == FORK)
		plan.forks = true;
	else if (option == KILL_CHILD)
		plan.forks = plan.kills_child = true;
	else if (option == MAP_ROOT_USER)
		plan.maps_root = true;
	else if (option == MOUNT_PROC)
		plan.mounts_proc = true;
	else if (option == SETGID)
		plan.gid = value;
	else if (option == SETUID)
		plan.uid = value;
	else
		exit(2);
}

static void parse(int argc, char **argv)
{
	struct option options[TYPES + 7] = {
	    [FORK] = {"fork", no_argument, NULL, FORK},
	    [KILL_CHILD] = {"kill-child", no_argument, NULL, KILL_CHILD},
	    [MAP_ROOT_USER] = {"map-root-user", no_argument, NULL, MAP_ROOT_USER},
	    [MOUNT_PROC] = {"mount-proc", no_argument, NULL, MOUNT_PROC},
	    [SETGID] = {"setgid", required_argument, NULL, SETGID},
	    [SETUID] = {"setuid", required_argument, NULL, SETUID},
	};
	int option;

	for (size_t i = 0; i < TYPES; i++)
		options[i] = (struct option){types[i].name, optional_argument, NULL, (int)i};
	while ((option = getopt_long(argc, argv, "+", options, NULL)) != -1)
		add_option(option, optarg);
	if (optind == argc)
		errx(2, "missing PROGRAM");
	if (plan.mounts_proc)
		plan.flags |= CLONE_NEWNS;
}

static void write_file(const char *path, const char *text)
{
	int fd = must(open(path, O_WRONLY | O_CLOEXEC), path);

	must(write(fd, text, strlen(text)), path);
	close(fd);
}

static void map_root(uid_t uid, gid_t gid)
{
	char text[32];

	write_file("/proc/self/setgroups", "deny");
	snprintf(text, sizeof(text), "0 %u 1", uid);
	write_file("/proc/self/uid_map", text);
	snprintf(text, sizeof(text), "0 %u 1", gid);
	write_file("/proc/self/gid_map", text);
}

static void keep_all(pid_t pid)
{
	char path[64];

	for (size_t i = 0; i < TYPES; i++) {
		if (!plan.kept[i])
			continue;
		snprintf(path, sizeof(path), "/proc/%d/ns/%s", pid,
			 types[i].flag == CLONE_NEWNS ? "mnt" : types[i].name);
		must(mount(path, plan.kept[i], NULL, MS_BIND, NULL), plan.kept[i]);
	}
}

/* The mounts are made by a process that stays outside: a mnt namespace cannot be mounted in itself. */
static void unshare_and_keep(void)
{
	pid_t pid = getpid();
	pid_t keeper;
	int status;
	int ready[2];
	char byte;

	must(pipe(ready), "pipe");
	keeper = must(fork(), "fork");
	if (keeper == 0) {
		close(ready[1]);
		must(read(ready[0], &byte, 1), "read");
		keep_all(pid);
		exit(0);
	}
	must(unshare(plan.flags), "unshare");
	close(ready[0]);
	close(ready[1]);
	must(waitpid(keeper, &status, 0), "waitpid");
	if (status != 0)
		exit(1);
}

/* In the parent, this ends as the child did. */
static void fork_and_wait(void)
{
	pid_t child = must(fork(), "fork");
	int status;

	if (child == 0) {
		if (plan.kills_child)
			must(prctl(PR_SET_PDEATHSIG, SIGKILL), "prctl");
		return;
	}
	must(waitpid(child, &status, 0), "waitpid");
	exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

static void become_user(void)
{
	if (plan.gid) {
		must(setgroups(0, NULL), "setgroups");
		must(setgid((gid_t)atoi(plan.gid)), "setgid");
	}
	if (plan.uid)
		must(setuid((uid_t)atoi(plan.uid)), "setuid");
}

int main(int argc, char **argv)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();

	parse(argc, argv);
	if (plan.has_kept)
		unshare_and_keep();
	else
		must(unshare(plan.flags), "unshare");
	if (plan.maps_root)
		map_root(uid, gid);
	if (plan.forks)
		fork_and_wait();
	if (plan.flags & CLONE_NEWNS)
		must(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL), "/");
	if (plan.mounts_proc)
		must(mount("proc", "/proc", "proc", MS_NOSUID | MS_NOEXEC | MS_NODEV, NULL), "/proc");
	become_user();
	execvp(argv[optind], argv + optind);
	err(errno == ENOENT ? 127 : 126, "%s", argv[optind]);
}
