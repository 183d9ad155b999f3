/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * make_maps [OPTION]...: creates a user namespace with the id maps of these options of
 * unshare(1), -U -r -c --map-user=N --map-group=N --map-users=… --map-groups=…
 * --map-auto --map-subids --owner=… --setgroups=… and --rootless, and prints the
 * maps and setgroups as they are seen inside.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <grp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "create/id_maps.h"
#include "create/reasons.h"
#include "create/rootless.h"

enum {
	OPT_ROOTLESS = 256,
	OPT_USER,
	OPT_GROUP,
	OPT_USERS,
	OPT_GROUPS,
	OPT_AUTO,
	OPT_SUBIDS,
	OPT_OWNER,
	OPT_SETGROUPS
};

static const struct option options[] = {
    {"map-user", required_argument, NULL, OPT_USER},   {"map-group", required_argument, NULL, OPT_GROUP},
    {"map-users", required_argument, NULL, OPT_USERS}, {"map-groups", required_argument, NULL, OPT_GROUPS},
    {"map-auto", no_argument, NULL, OPT_AUTO},         {"map-subids", no_argument, NULL, OPT_SUBIDS},
    {"owner", required_argument, NULL, OPT_OWNER},     {"setgroups", required_argument, NULL, OPT_SETGROUPS},
    {"rootless", no_argument, NULL, OPT_ROOTLESS},     {NULL, 0, NULL, 0},
};

_Noreturn static void fail(const struct error *err)
{
	error_print(err, "make_maps");
	exit(1);
}

static void set_single(struct id_maps_request *request, enum id_kind kind, uint32_t id)
{
	request->of[kind].has_single = true;
	request->of[kind].single = id;
}

static int wish_twice(struct id_maps_request *request, const char *word, struct error *err)
{
	int ret = id_wishes_parse(word, &request->of[ID_USERS], err);

	return ret < 0 ? ret : id_wishes_parse(word, &request->of[ID_GROUPS], err);
}

static void choose_rootless(struct id_maps_request *request)
{
	char sentence[256];

	rootless_choose(request, sentence, sizeof(sentence));
	fprintf(stderr, "%s\n", sentence);
}

static int take_option(int option, struct id_maps_request *request, struct error *err)
{
	switch (option) {
	case 'r':
	case 'c':
		set_single(request, ID_USERS, option == 'r' ? 0 : geteuid());
		set_single(request, ID_GROUPS, option == 'r' ? 0 : getegid());
		return 0;
	case 'U':
		return 0;
	case OPT_ROOTLESS:
		choose_rootless(request);
		return 0;
	case OPT_USER:
	case OPT_GROUP:
		set_single(request, option == OPT_USER ? ID_USERS : ID_GROUPS,
			   (uint32_t)strtoul(optarg, NULL, 10));
		return 0;
	case OPT_USERS:
		return id_wishes_parse(optarg, &request->of[ID_USERS], err);
	case OPT_GROUPS:
		return id_wishes_parse(optarg, &request->of[ID_GROUPS], err);
	case OPT_AUTO:
		return wish_twice(request, "auto", err);
	case OPT_SUBIDS:
		return wish_twice(request, "subids", err);
	case OPT_OWNER:
		return id_maps_parse_owner(optarg, request, err);
	case OPT_SETGROUPS:
		return id_maps_parse_setgroups(optarg, &request->setgroups, err);
	default:
		exit(2);
	}
}

static void become_owner(const struct id_maps_request *request)
{
	if (!request->has_owner)
		return;
	if (setgroups(0, NULL) < 0 || setgid(request->owner_gid) < 0 || setuid(request->owner_uid) < 0) {
		perror("make_maps: owner");
		exit(1);
	}
}

static int open_proc(pid_t pid)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d", pid);
	return open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/* The process that stays outside: waits for a byte, writes, and ends. */
static pid_t start_outside(const struct id_maps *maps, int *ready)
{
	int ends[2];
	pid_t other = getpid();
	pid_t child;

	if (pipe(ends) < 0)
		exit(1);
	child = fork();
	if (child == 0) {
		AUTO_CLOSE int proc_fd = open_proc(other);
		struct error err;
		char byte;

		close(ends[1]);
		if (read(ends[0], &byte, 1) != 1)
			exit(0);
		if (id_maps_write_outside(maps, other, proc_fd, &err) < 0)
			fail(&err);
		exit(0);
	}
	close(ends[0]);
	*ready = ends[1];
	return child;
}

static void print_file(const char *name)
{
	char line[256];
	FILE *file = fopen(name, "re");

	while (file && fgets(line, sizeof(line), file))
		fputs(line, stdout);
	if (file)
		fclose(file);
}

static void create(const struct id_maps_request *request, const struct id_maps *maps)
{
	bool needs_outside = id_maps_need_outside(maps);
	struct error err;
	int ready = -1;
	int status = 0;
	pid_t child = needs_outside ? start_outside(maps, &ready) : -1;

	become_owner(request);
	if (unshare(CLONE_NEWUSER) < 0) {
		reasons_of_unshare(1U << NS_USER, errno, &err);
		fail(&err);
	}
	if (needs_outside && (write(ready, "", 1) != 1 || waitpid(child, &status, 0) < 0 || status != 0))
		exit(1);
	AUTO_CLOSE int self_fd = open_proc(getpid());
	if (id_maps_write_inside(maps, self_fd, &(const char *){NULL}, &err) < 0)
		fail(&err);
}

int main(int argc, char **argv)
{
	static struct id_maps_request request;
	static struct id_maps maps;
	struct error err;
	int option;

	while ((option = getopt_long(argc, argv, "Urc", options, NULL)) != -1) {
		if (take_option(option, &request, &err) < 0)
			fail(&err);
	}
	if (id_maps_plan(&request, &maps, &err) < 0)
		fail(&err);
	create(&request, &maps);
	print_file("/proc/self/uid_map");
	print_file("/proc/self/gid_map");
	print_file("/proc/self/setgroups");
	return 0;
}
