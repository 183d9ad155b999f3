/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "create/outside.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "create/creation.h"
#include "create/network.h"
#include "create/reasons.h"
#include "create/util_linux.h"
#include "keep/keep.h"
#include "ns/ns.h"

/* What the process outside is asked to do; each is a byte. */
enum order {
	ORDER_MAPS,
	ORDER_LAST,
	ORDER_UNDO,
};

/* What it has done, so that it can be undone. */
struct done {
	bool is_mounted[NS_TYPE_COUNT];
	bool is_new_file[NS_TYPE_COUNT];
	bool is_named;
};

/* The process that creates the namespaces, seen from outside. */
struct creator {
	const struct creation *creation;
	pid_t pid;
	int dir_fd; /* /proc/PID */
	int pasta;  /* a pidfd; -1: it was not started */
	struct done done;
};

/* Those of the next child: the creator itself stays in its pid namespace. */
static const char *link_of(enum ns_type type, char path[32])
{
	enum ns_link link = type == NS_PID    ? NS_LINK_PID_FOR_CHILDREN
			    : type == NS_TIME ? NS_LINK_TIME_FOR_CHILDREN
					      : ns_type_link(type);

	snprintf(path, 32, "ns/%s", ns_link_name(link));
	return path;
}

static int open_created(const struct creator *creator, enum ns_type type, struct ns *ns, struct error *err)
{
	char path[32];
	int ret = ns_open_at(creator->dir_fd, link_of(type, path), ns);

	if (ret == 0)
		return 0;
	error_set_errno(err, -ret, "cannot open the new %s namespace", ns_type_name(type));
	if (type == NS_PID)
		return error_hint(err, "a pid namespace lasts only with a process in it: add --fork");
	return -err->number;
}

/* unshare(1) wants the file to exist. */
static int make_file(struct creator *creator, enum ns_type type, const char *path, struct error *err)
{
	AUTO_CLOSE int fd = -1;

	if (creator->creation->request->as_unshare)
		return 0;
	fd = open(path, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0);
	if (fd < 0 && errno != EEXIST)
		return error_set_errno(err, errno, "cannot create '%.400s'", path);
	creator->done.is_new_file[type] = fd >= 0;
	return 0;
}

static int mount_created(struct creator *creator, enum ns_type type, struct error *err)
{
	const char *path = creator->creation->request->files[type];
	AUTO_NS struct ns ns = NS_CLOSED;
	char source[32];
	char link[32];
	int ret;

	if (!path)
		return 0;
	ret = open_created(creator, type, &ns, err);
	if (ret == 0)
		ret = make_file(creator, type, path, err);
	if (ret < 0)
		return ret;
	snprintf(source, sizeof(source), "/proc/self/fd/%d", ns.fd);
	if (mount(source, path, NULL, MS_BIND, NULL) < 0) {
		reasons_of_bind(type, path, creator->creation->types, errno, err);
		return create_word_as_unshare(creator->creation, err, "mount /proc/%d/%s on %.400s failed",
					      creator->pid, link_of(type, link), path);
	}
	creator->done.is_mounted[type] = true;
	return 0;
}

static int name_created(struct creator *creator, struct error *err)
{
	const struct creation *creation = creator->creation;
	struct ns namespaces[NS_TYPE_COUNT];
	int ret = 0;

	if (!creation->request->keep_name)
		return 0;
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++)
		namespaces[type] = NS_CLOSED;
	for (enum ns_type type = 0; type < NS_TYPE_COUNT && ret == 0; type++) {
		if (creation_has(creation, type))
			ret = open_created(creator, type, &namespaces[type], err);
	}
	if (ret == 0)
		ret = keep_make(creation->request->keep_name, namespaces, false, err);
	creator->done.is_named = ret == 0;
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++)
		ns_close(&namespaces[type]);
	return ret;
}

static int connect_network(struct creator *creator, struct error *err)
{
	AUTO_NS struct ns net = NS_CLOSED;
	int ret;

	if (creator->creation->request->network != NETWORK_PASTA)
		return 0;
	ret = open_created(creator, NS_NET, &net, err);
	return ret < 0 ? ret : create_connect_pasta(creator->pid, net.fd, &creator->pasta, err);
}

static void drop_name(const char *name)
{
	AUTO_DROPPED struct keep_dropped dropped;
	struct error ignored; /* of two errors the first is reported */

	keep_drop(name, &dropped, &ignored);
}

static void undo(struct creator *creator)
{
	const struct create_request *request = creator->creation->request;

	if (creator->done.is_named)
		drop_name(request->keep_name);
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		if (creator->done.is_mounted[type])
			umount2(request->files[type], MNT_DETACH | UMOUNT_NOFOLLOW);
		if (creator->done.is_new_file[type])
			unlink(request->files[type]);
	}
	create_end_pasta(creator->pasta);
	creator->pasta = -1;
	creator->done = (struct done){0};
}

static int make_last(struct creator *creator, struct error *err)
{
	int ret = 0;

	for (enum ns_type type = 0; type < NS_TYPE_COUNT && ret == 0; type++)
		ret = mount_created(creator, type, err);
	if (ret == 0)
		ret = connect_network(creator, err);
	if (ret == 0)
		ret = name_created(creator, err);
	if (ret < 0)
		undo(creator);
	return ret;
}

static int obey(struct creator *creator, enum order order, struct error *err)
{
	switch (order) {
	case ORDER_MAPS:
		return id_maps_write_outside(&creator->creation->maps, creator->pid, creator->dir_fd, err);
	case ORDER_LAST:
		return make_last(creator, err);
	case ORDER_UNDO:
		undo(creator);
		return 0;
	}
	return error_set(err, EINVAL, "unknown order");
}

/* Obeys until the creator and its child have closed their ends: by ending, or by executing the program. */
static int serve(struct creator *creator, int channel)
{
	char path[32];
	unsigned char order;

	snprintf(path, sizeof(path), "/proc/%d", creator->pid);
	creator->dir_fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	while (recv(channel, &order, 1, 0) == 1) {
		struct error err = {0};

		if (creator->dir_fd < 0)
			error_set_errno(&err, ENOENT, "cannot open %s", path);
		else
			obey(creator, order, &err);
		if (send(channel, &err, sizeof(err), MSG_NOSIGNAL) < 0)
			break;
	}
	create_end_pasta(creator->pasta);
	return EXIT_SUCCESS;
}

static bool is_needed(const struct creation *creation)
{
	const struct create_request *request = creation->request;
	bool has_file = false;

	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++)
		has_file |= request->files[type] != NULL;
	return has_file || request->keep_name || request->network == NETWORK_PASTA ||
	       id_maps_need_outside(&creation->maps);
}

/*
 * A signal for the whole process group must not interrupt work that is half done;
 * and where the caller ignores SIGCHLD, no child could be waited for.
 */
static void set_signals(void)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	signal(SIGCHLD, SIG_DFL);
}

int outside_start(struct creation *creation, struct error *err)
{
	struct creator creator = {.creation = creation, .pid = getpid(), .pasta = -1};
	int ends[2];
	pid_t pid;

	if (!is_needed(creation))
		return 0;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return error_set_errno(err, errno, "cannot make a channel to a helper process");
	pid = fork();
	if (pid == 0) {
		close(ends[0]);
		set_signals();
		_exit(serve(&creator, ends[1]));
	}
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return reasons_of_fork(0, errno, err);
	}
	creation->outside = (struct outside){.pid = pid, .channel = ends[0]};
	return 0;
}

static int ask(const struct outside *outside, enum order order, struct error *err)
{
	unsigned char byte = (unsigned char)order;

	if (outside->pid == 0)
		return 0;
	if (send(outside->channel, &byte, 1, MSG_NOSIGNAL) != 1 ||
	    recv(outside->channel, err, sizeof(*err), 0) != (ssize_t)sizeof(*err))
		return error_set(err, EIO, "the helper process in the caller's namespaces has ended");
	return -err->number;
}

int outside_write_maps(struct creation *creation, struct error *err)
{
	return id_maps_need_outside(&creation->maps) ? ask(&creation->outside, ORDER_MAPS, err) : 0;
}

int outside_make_last(struct creation *creation, struct error *err)
{
	return ask(&creation->outside, ORDER_LAST, err);
}

void outside_undo(struct creation *creation)
{
	struct error ignored; /* the program's error is the one to report */

	ask(&creation->outside, ORDER_UNDO, &ignored);
}

static void close_channel(struct outside *outside)
{
	cleanup_close(&outside->channel);
	outside->channel = -1;
}

void outside_leave(struct creation *creation)
{
	/* pasta is ended when the last end of the channel is closed. */
	if (creation->request->network != NETWORK_PASTA)
		close_channel(&creation->outside);
}

void outside_end(struct outside *outside)
{
	close_channel(outside);
	while (outside->pid > 0 && waitpid(outside->pid, NULL, 0) < 0 && errno == EINTR)
		;
	*outside = OUTSIDE_NONE;
}
