/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The namespaces of a process that are to be kept. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "keep/keep.h"
#include "proc/answers.h"

/* A process is in these; what its next child will be in is not asked for. */
#define OWN_LINKS (NS_LINK_SET_ALL & ~(1U << NS_LINK_PID_FOR_CHILDREN | 1U << NS_LINK_TIME_FOR_CHILDREN))

static int set_changed(const struct process *process, struct error *err)
{
	if (!process_exists(process))
		return error_set(err, ESRCH, "process %d has ended", process->pid);
	error_set(err, EAGAIN, "process %d changed its namespaces while it was being read", process->pid);
	return error_hint(err, "try again");
}

static int set_unread(const struct process *process, enum ns_type type, int number, struct error *err)
{
	if (number == ESRCH || number == ENOENT)
		return error_set(err, ESRCH, "process %d is a zombie or has ended: it has no namespaces",
				 process->pid);
	error_set_errno(err, number, "cannot read the %s namespace of process %d", ns_type_name(type),
			process->pid);
	if (number == EACCES || number == EPERM)
		process_hint_at_permission(err);
	return -number;
}

/* A process whose namespaces are read. */
struct reading {
	const struct process *process;
	ns_type_set types; /* those to keep; 0: all that are not the caller's */
	int ns_fd;         /* its /proc/PID/ns */
	struct process_links links;
	struct process_links own; /* the caller's */
};

/* Opens one, if it is wanted by name, or if it is not the caller's. */
static int open_of_type(const struct reading *reading, enum ns_type type, struct ns *ns, struct error *err)
{
	enum ns_link link = ns_type_link(type);
	bool is_named = reading->types & 1U << type;
	int ret;

	if (reading->own.ino[link] == 0 && reading->own.reason[link] == ENOENT) {
		if (is_named)
			return error_set(err, ENOSYS, "this kernel has no %s namespaces", ns_type_name(type));
		return 0;
	}
	if (reading->types != 0 && !is_named)
		return 0;
	if (reading->links.reason[link] != 0)
		return set_unread(reading->process, type, reading->links.reason[link], err);
	if (reading->types == 0 && reading->links.ino[link] == reading->own.ino[link])
		return 0;
	ret = process_hold_ns_at(reading->ns_fd, link, reading->links.ino[link], ns);
	if (ret == -ESRCH || ret == -ENOENT)
		return set_changed(reading->process, err);
	return ret < 0 ? set_unread(reading->process, type, -ret, err) : 0;
}

/* An open namespace no longer changes, whatever the process does. */
static int confirm_links(const struct reading *reading, struct error *err)
{
	struct process_links again;

	process_read_links_at(reading->ns_fd, OWN_LINKS, &again);
	if (memcmp(again.ino, reading->links.ino, sizeof(again.ino)) != 0)
		return set_changed(reading->process, err);
	return 0;
}

/*
 * unshare(2) of a mnt and a user namespace changes the user namespace last: a process
 * that is preempted in between, for as long as it likes, is still in its former one.
 * Without its owner, who enters the mnt namespace would run programs of that owner's
 * choice with privileges above it.  Types that are named are the user's decision.
 */
static int check_mnt_owner(const struct reading *reading, const struct ns *mnt, struct error *err)
{
	int pid = reading->process->pid;
	int ret = mnt->fd < 0 ? 0 : ns_is_owned_below(mnt, reading->links.ino[NS_LINK_USER]);

	if (ret < 0)
		return error_set_errno(err, -ret, "cannot read the owner of the mnt namespace of process %d",
				       pid);
	if (ret == 0)
		return 0;
	error_set(err, EPERM,
		  "the mnt namespace of process %d belongs to a user namespace below that of the process",
		  pid);
	return error_hint(err, "to keep it all the same: --type mnt");
}

static int count_open(const struct ns namespaces[NS_TYPE_COUNT])
{
	int count = 0;

	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++)
		count += namespaces[type].fd >= 0;
	return count;
}

static int open_all(const struct reading *reading, struct ns namespaces[NS_TYPE_COUNT], struct error *err)
{
	int ret = 0;

	for (enum ns_type type = 0; type < NS_TYPE_COUNT && ret == 0; type++)
		ret = open_of_type(reading, type, &namespaces[type], err);
	if (ret == 0)
		ret = confirm_links(reading, err);
	if (ret == 0 && reading->types == 0)
		ret = check_mnt_owner(reading, &namespaces[NS_MNT], err);
	return ret;
}

int keep_open_of_process(const struct process *process, ns_type_set types,
			 struct ns namespaces[NS_TYPE_COUNT], struct error *err)
{
	AUTO_CLOSE int ns_fd = -1;
	struct reading reading = {.process = process, .types = types};
	int ret;

	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++)
		namespaces[type] = NS_CLOSED;
	if (process_may_be_executing(process) && process_check_answers(process, err) < 0)
		return -err->number;
	ns_fd = openat(process->dir_fd, "ns", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (ns_fd < 0)
		return set_unread(process, NS_USER, errno, err);
	reading.ns_fd = ns_fd;
	process_read_own_links(&reading.own);
	process_read_links_at(ns_fd, OWN_LINKS, &reading.links);
	ret = open_all(&reading, namespaces, err);
	if (ret < 0 || count_open(namespaces) > 0)
		return ret;
	error_set(err, EINVAL, "process %d has no namespace of its own: all are the caller's", process->pid);
	return error_hint(err, "--type names those to keep all the same");
}
