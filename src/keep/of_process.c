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

/* Opens one, if it is wanted by name, or if it is not the caller's. */
static int open_one_of_process(const struct process *process, int ns_fd, const struct process_links *links,
			       const struct process_links *own, ns_type_set types, enum ns_type type,
			       struct ns *ns, struct error *err)
{
	enum ns_link link = ns_type_link(type);
	bool is_named = types & 1U << type;
	int ret;

	if (own->ino[link] == 0 && own->reason[link] == ENOENT) {
		if (is_named)
			return error_set(err, ENOSYS, "this kernel has no %s namespaces", ns_type_name(type));
		return 0;
	}
	if (types != 0 && !is_named)
		return 0;
	if (links->reason[link] != 0)
		return set_unread(process, type, links->reason[link], err);
	if (types == 0 && links->ino[link] == own->ino[link])
		return 0;
	ret = process_hold_ns_at(ns_fd, link, links->ino[link], ns);
	if (ret == -ESRCH || ret == -ENOENT)
		return set_changed(process, err);
	return ret < 0 ? set_unread(process, type, -ret, err) : 0;
}

/* What is open cannot change any more, whatever the process does. */
static int confirm_links(const struct process *process, int ns_fd, const struct process_links *links,
			 struct error *err)
{
	struct process_links again;

	process_read_links_at(ns_fd, OWN_LINKS, &again);
	if (memcmp(again.ino, links->ino, sizeof(again.ino)) != 0)
		return set_changed(process, err);
	return 0;
}

/*
 * unshare(2) of a mnt and a user namespace changes the user namespace last: a process
 * that is preempted in between, for as long as it likes, is still in its former one.
 * Without its owner, who enters the mnt namespace would run programs of that owner's
 * choice with privileges above it.  Types that are named are the user's decision.
 */
static int check_mnt_owner(const struct process *process, const struct process_links *links,
			   const struct ns *mnt, struct error *err)
{
	int ret = mnt->fd < 0 ? 0 : ns_is_owned_below(mnt, links->ino[NS_LINK_USER]);

	if (ret < 0)
		return error_set_errno(err, -ret, "cannot read the owner of the mnt namespace of process %d",
				       process->pid);
	if (ret == 0)
		return 0;
	error_set(err, EPERM,
		  "the mnt namespace of process %d belongs to a user namespace below that of the process",
		  process->pid);
	return error_hint(err, "to keep it all the same: --type mnt");
}

static int count_open(const struct ns namespaces[NS_TYPE_COUNT])
{
	int count = 0;

	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++)
		count += namespaces[type].fd >= 0;
	return count;
}

int keep_open_of_process(const struct process *process, ns_type_set types,
			 struct ns namespaces[NS_TYPE_COUNT], struct error *err)
{
	AUTO_CLOSE int ns_fd = -1;
	struct process_links links;
	struct process_links own;
	int ret = 0;

	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++)
		namespaces[type] = NS_CLOSED;
	if (process_may_be_executing(process) && process_check_answers(process, err) < 0)
		return -err->number;
	ns_fd = openat(process->dir_fd, "ns", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (ns_fd < 0)
		return set_unread(process, NS_USER, errno, err);
	process_read_own_links(&own);
	process_read_links_at(ns_fd, OWN_LINKS, &links);
	for (enum ns_type type = 0; type < NS_TYPE_COUNT && ret == 0; type++)
		ret = open_one_of_process(process, ns_fd, &links, &own, types, type, &namespaces[type], err);
	if (ret == 0)
		ret = confirm_links(process, ns_fd, &links, err);
	if (ret == 0 && types == 0)
		ret = check_mnt_owner(process, &links, &namespaces[NS_MNT], err);
	if (ret < 0 || count_open(namespaces) > 0)
		return ret;
	error_set(err, EINVAL, "process %d has no namespace of its own: all are the caller's", process->pid);
	return error_hint(err, "--type names those to keep all the same");
}
