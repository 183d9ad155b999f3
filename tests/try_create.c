/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * try_create STEP…: takes the steps one by one, and prints why the first one failed, as
 * create/reasons.h has it.  The steps:
 *
 *   unshare TYPE,…  creates namespaces          map           maps the caller to root
 *   fork            goes on in a child          end-child     has a child end
 *   mount FS DIR    bind TYPE FILE              chroot DIR
 *   setgroups       setgid GID                  setuid UID
 *   thread          starts a thread             nest N STEP…  repeats the steps
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "create/reasons.h"

/* So far. */
struct tried {
	ns_type_set types;
	char **next;
};

static char *next_word(struct tried *tried)
{
	if (!*tried->next) {
		fputs("try_create: a word is missing\n", stderr);
		exit(2);
	}
	return *tried->next++;
}

static int create_namespaces(struct tried *tried, struct error *err)
{
	ns_type_set types = 0;

	if (ns_type_parse_list(next_word(tried), &types, err) < 0)
		return -EINVAL;
	if (unshare(ns_type_set_clone_flags(types)) < 0)
		return reasons_of_unshare(types, errno, err);
	tried->types |= types;
	return 0;
}

static int map_to_root(struct tried *tried, struct error *err)
{
	static struct id_maps maps;
	AUTO_CLOSE int self_fd = open("/proc/self", O_PATH | O_DIRECTORY | O_CLOEXEC);

	(void)tried;
	for (enum id_kind kind = 0; kind < ID_KIND_COUNT; kind++) {
		maps.of[kind].writer = ID_MAP_INSIDE;
		maps.of[kind].map.count = 1;
		/* In a user namespace that was nested here the caller is root already. */
		maps.of[kind].map.ranges[0] = (struct id_range){
		    .outside = (uint32_t)atoi(getenv("OUTSIDE") ? getenv("OUTSIDE") : "0"), .count = 1};
	}
	return id_maps_write_inside(&maps, self_fd, &(const char *){NULL}, err);
}

/* The parent passes the status on. */
static int go_on_in_child(struct tried *tried, struct error *err)
{
	int status;
	pid_t child = fork();

	(void)tried;
	if (child < 0)
		return reasons_of_fork(errno, err);
	if (child == 0)
		return 0;
	exit(waitpid(child, &status, 0) < 0 || !WIFEXITED(status) ? 3 : WEXITSTATUS(status));
}

static int end_child(struct tried *tried, struct error *err)
{
	pid_t child = fork();

	(void)tried;
	if (child < 0)
		return reasons_of_fork(errno, err);
	if (child == 0)
		_exit(0);
	waitpid(child, NULL, 0);
	return 0;
}

static int mount_fs(struct tried *tried, struct error *err)
{
	const char *fstype = next_word(tried);
	const char *point = next_word(tried);

	if (mount(fstype, point, fstype, MS_NOSUID | MS_NOEXEC | MS_NODEV, NULL) < 0)
		return reasons_of_mount(fstype, point, tried->types, errno, err);
	return 0;
}

static int bind_ns(struct tried *tried, struct error *err)
{
	const char *name = next_word(tried);
	const char *file = next_word(tried);
	enum ns_type type;
	char path[64];

	if (!ns_type_from_name(name, strlen(name), &type))
		exit(2);
	snprintf(path, sizeof(path), "/proc/self/ns/%s", name);
	return mount(path, file, NULL, MS_BIND, NULL) < 0
		   ? reasons_of_bind(type, file, tried->types, errno, err)
		   : 0;
}

static int change_root(struct tried *tried, struct error *err)
{
	const char *path = next_word(tried);

	if (chroot(path) < 0 || chdir("/") < 0)
		return error_set_errno(err, errno, "chroot %s", path);
	return 0;
}

static int set_groups(struct tried *tried, struct error *err)
{
	(void)tried;
	return setgroups(0, NULL) < 0 ? reasons_of_credential(REASONS_SETGROUPS, 0, errno, err) : 0;
}

static int set_gid(struct tried *tried, struct error *err)
{
	gid_t gid = (gid_t)atoi(next_word(tried));

	return setresgid(gid, gid, gid) < 0 ? reasons_of_credential(REASONS_SETGID, gid, errno, err) : 0;
}

static int set_uid(struct tried *tried, struct error *err)
{
	uid_t uid = (uid_t)atoi(next_word(tried));

	return setresuid(uid, uid, uid) < 0 ? reasons_of_credential(REASONS_SETUID, uid, errno, err) : 0;
}

static void *sleep_forever(void *context)
{
	pause();
	return context;
}

static int start_thread(struct tried *tried, struct error *err)
{
	pthread_t thread;

	(void)tried;
	(void)err;
	return -pthread_create(&thread, NULL, sleep_forever, NULL);
}

static int take_steps(struct tried *tried, struct error *err);

static int nest(struct tried *tried, struct error *err)
{
	int times = atoi(next_word(tried));
	char **first = tried->next;
	int ret = 0;

	for (int i = 0; i < times && ret == 0; i++) {
		tried->next = first;
		ret = take_steps(tried, err);
	}
	return ret;
}

static const struct {
	const char *name;
	int (*take)(struct tried *tried, struct error *err);
} steps[] = {
    {"unshare", create_namespaces},
    {"map", map_to_root},
    {"fork", go_on_in_child},
    {"end-child", end_child},
    {"mount", mount_fs},
    {"bind", bind_ns},
    {"chroot", change_root},
    {"setgroups", set_groups},
    {"setgid", set_gid},
    {"setuid", set_uid},
    {"thread", start_thread},
    {"nest", nest},
};

static int take_step(struct tried *tried, struct error *err)
{
	const char *name = next_word(tried);

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		if (strcmp(name, steps[i].name) == 0)
			return steps[i].take(tried, err);
	}
	fprintf(stderr, "try_create: unknown step %s\n", name);
	exit(2);
}

static int take_steps(struct tried *tried, struct error *err)
{
	int ret = 0;

	while (ret == 0 && *tried->next)
		ret = take_step(tried, err);
	return ret;
}

int main(int argc, char **argv)
{
	struct tried tried = {.next = argv + 1};
	struct error err;

	(void)argc;
	if (take_steps(&tried, &err) == 0)
		return 0;
	error_print(&err, "try_create");
	return 1;
}
