/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scan/procfs_task.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/numbers.h"
#include "ns/uapi.h"
#include "proc/process.h"

/* Beyond this, tables are read without a check whether another thread shares them. */
#define MAX_TABLES 64

static int keep_task(struct procfs_reader *reader, const struct found_task *task)
{
	struct found_task *larger =
	    array_reserve(reader->tasks, &reader->task_capacity, reader->task_count, sizeof(*larger));

	if (!larger)
		return -ENOMEM;
	reader->tasks = larger;
	larger[reader->task_count++] = *task;
	return 0;
}

/* Opens a pidfd of a task; its directory ns_fd ties the PID to the task. */
static int open_pidfd(int ns_fd, const struct found_task *task)
{
	AUTO_CLOSE int pidfd =
	    (int)syscall(SYS_pidfd_open, task->pid, task->pid == task->tgid ? 0 : PIDFD_THREAD);

	if (pidfd < 0 || faccessat(ns_fd, "../comm", F_OK, 0) < 0)
		return -errno;
	return take_fd(&pidfd);
}

static int ask_pidfd(int pidfd, enum ns_link link, ino_t *ino)
{
	AUTO_NS struct ns ns = NS_CLOSED;
	int ret = ns_open_of_pidfd(pidfd, link, &ns);

	if (ret == 0)
		*ino = ns.ino;
	return ret;
}

/* Whether this kernel has ioctls for the namespaces of a pidfd: tried with the caller's own. */
static bool has_pidfd_namespaces(void)
{
	AUTO_CLOSE int pidfd = (int)syscall(SYS_pidfd_open, getpid(), 0);
	ino_t ino;

	return pidfd >= 0 && ask_pidfd(pidfd, NS_LINK_USER, &ino) == 0;
}

/*
 * Reads the wanted links of a task that are not known yet: 0 in its inodes.
 * Returns how many it has then; -EACCES where this user may not read them.
 */
static int read_task_links(const struct procfs_reader *reader, int ns_fd, struct found_task *task)
{
	bool by_pidfd = reader->is_blocked && has_pidfd_namespaces();
	AUTO_CLOSE int pidfd = by_pidfd ? open_pidfd(ns_fd, task) : -1;
	int count = 0;

	if (by_pidfd && pidfd < 0)
		return pidfd;
	for (enum ns_link link = 0; link < NS_LINK_COUNT; link++) {
		int ret = 0;

		if (reader->wanted[link] && task->inodes[link] == 0)
			ret = by_pidfd ? ask_pidfd(pidfd, link, &task->inodes[link])
				       : process_read_link_at(ns_fd, link, &task->inodes[link]);
		if (ret == -EACCES || ret == -EPERM)
			return -EACCES;
		count += task->inodes[link] != 0;
	}
	return count;
}

/*
 * Neither the user nor the pid nor the time namespace can differ within a
 * process (unshare(2), setns(2) and clone(2) refuse it): these are the
 * leader's, where the leader is still there to have them.
 */
static struct found_task like_leader(const struct found_task *leader, pid_t tid)
{
	struct found_task task = {.pid = tid, .tgid = leader->tgid};

	task.inodes[NS_LINK_PID] = leader->inodes[NS_LINK_PID];
	task.inodes[NS_LINK_TIME] = leader->inodes[NS_LINK_TIME];
	task.inodes[NS_LINK_USER] = leader->inodes[NS_LINK_USER];
	return task;
}

/* A task that ended meanwhile is no error; one that this user may not read is counted. */
static int check(struct procfs_reader *reader, int ret)
{
	if (ret == -ENOENT || ret == -ESRCH)
		return 0;
	if (ret != -EACCES && ret != -EPERM)
		return ret;
	reader->is_denied = true;
	return 0;
}

/* A zombie has left its nsproxy, but not its user namespace. */
static bool is_zombie(const bool wanted[NS_LINK_COUNT], const struct found_task *task)
{
	static const enum ns_link links[] = {NS_LINK_CGROUP, NS_LINK_IPC, NS_LINK_MNT, NS_LINK_NET,
					     NS_LINK_UTS};

	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		if (wanted[links[i]] && task->inodes[links[i]] == 0)
			return true;
	}
	return false;
}

/* Threads with a table of descriptors that none before them has. */
struct tables {
	pid_t owners[MAX_TABLES];
	size_t count;
};

static int look_at_files(struct procfs_reader *reader, int ns_fd, const struct found_task *task, pid_t tid)
{
	if (!reader->request->files || reader->is_blocked)
		return 0;
	return files_look(&reader->files, ns_fd, task->tgid, tid, task->inodes[NS_LINK_NET]);
}

/* Whether a thread's table is one that was read (kcmp(2), Linux 3.5; it may not be built in). */
static bool is_known_table(const struct tables *tables, pid_t tid)
{
	for (size_t i = 0; i < tables->count; i++) {
		long order = syscall(SYS_kcmp, tables->owners[i], tid, KCMP_FILES, 0, 0);

		/* Where kcmp() does not work, assume a shared table: others are rare. */
		if (order == 0 || (order < 0 && errno != ESRCH))
			return true;
	}
	return false;
}

/*
 * A thread mostly shares the table of its process; with unshare(2) it gets one
 * of its own.  A leader that has exited has left its files: the directory of the
 * process shows none then.
 */
static int look_at_table(struct procfs_reader *reader, int ns_fd, const struct found_task *task,
			 struct tables *tables)
{
	if (!reader->request->files || is_known_table(tables, task->pid))
		return 0;
	if (tables->count < MAX_TABLES)
		tables->owners[tables->count++] = task->pid;
	return look_at_files(reader, ns_fd, task, task->pid);
}

static int read_thread(struct procfs_reader *reader, const struct numbers *tids, struct found_task *task,
		       struct tables *tables)
{
	AUTO_CLOSE int ns_fd = -1;
	char name[32];
	int ret;

	snprintf(name, sizeof(name), "%s/ns", tids->name);
	ns_fd = openat(tids->fd, name, O_PATH | O_CLOEXEC);
	if (ns_fd < 0)
		return check(reader, -errno);
	ret = read_task_links(reader, ns_fd, task);
	if (ret <= 0)
		return check(reader, ret);
	ret = keep_task(reader, task);
	return ret < 0 ? ret : check(reader, look_at_table(reader, ns_fd, task, tables));
}

static int read_threads(struct procfs_reader *reader, int ns_fd, const struct found_task *leader)
{
	AUTO_NUMBERS struct numbers tids;
	struct tables tables = {.owners = {leader->pid}, .count = !is_zombie(reader->wanted, leader)};
	uint32_t tid;
	int ret = numbers_open(&tids, ns_fd, "../task");
	int next = 0;

	if (ret < 0)
		return check(reader, ret);
	while (ret == 0 && (next = numbers_next(&tids, &tid)) == 1) {
		struct found_task task = like_leader(leader, (pid_t)tid);

		if (task.pid != leader->tgid)
			ret = read_thread(reader, &tids, &task, &tables);
	}
	return ret < 0 ? ret : check(reader, next);
}

/* A directory's links are itself, its parent's entry and its subdirectories: here, the threads. */
static bool has_threads(int ns_fd)
{
	struct stat st;

	return fstatat(ns_fd, "../task", &st, 0) == 0 && st.st_nlink > 3;
}

/*
 * Everything is read below one directory, /proc/PID/ns, which the kernel ties to
 * the process, not to its PID: once the PID is reused, reads fail.
 */
static int read_below(struct procfs_reader *reader, int ns_fd, struct found_task *leader)
{
	int ret = read_task_links(reader, ns_fd, leader);

	if (ret < 0)
		return ret;
	if (ret > 0)
		ret = keep_task(reader, leader);
	if (ret == 0 && !reader->request->leaders_only && has_threads(ns_fd))
		ret = read_threads(reader, ns_fd, leader);
	return ret == 0 ? look_at_files(reader, ns_fd, leader, 0) : ret;
}

int procfs_read_process(struct procfs_reader *reader, uint32_t pid)
{
	struct found_task leader = {.pid = (pid_t)pid, .tgid = (pid_t)pid};
	AUTO_CLOSE int ns_fd = -1;
	char name[32];
	int ret;

	snprintf(name, sizeof(name), "%u/ns", pid);
	reader->task_count = 0;
	files_clear(&reader->files);
	reader->is_denied = false;
	ns_fd = openat(reader->proc_fd, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	reader->is_there = ns_fd >= 0;
	ret = check(reader, ns_fd < 0 ? -errno : read_below(reader, ns_fd, &leader));
	reader->is_there = reader->is_there || reader->is_denied;
	return ret;
}
