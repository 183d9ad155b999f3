/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "proc/process.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "ns/uapi.h"
#include "proc/procfs.h"

#ifndef PID_FS_MAGIC /* Linux 6.9 */
#define PID_FS_MAGIC 0x50494446
#endif

/* Stores a pidfd, or -1 if the kernel makes none for this id.  Returns 0; or -ESRCH if nothing has the id. */
static int open_process_pidfd(pid_t pid, int *pidfd)
{
	long fd = syscall(SYS_pidfd_open, pid, 0);

	/* A thread that leads no process: EINVAL, since Linux 6.15 ENOENT. */
	if (fd < 0 && (errno == EINVAL || errno == ENOENT))
		fd = syscall(SYS_pidfd_open, pid, PIDFD_THREAD);
	*pidfd = (int)fd;
	if (fd < 0 && errno == ESRCH)
		return -ESRCH;
	return 0;
}

static int check_proc(struct error *err)
{
	int ret = procfs_check_own();

	if (ret == 0)
		return 0;
	if (ret != -EXDEV && ret != -ENOENT)
		return error_set_errno(err, -ret, "cannot read /proc/self/status");
	error_set(err, ENOENT, "/proc does not show this pid namespace");
	return error_hint(err, "mount one: mount -t proc proc /proc");
}

int process_open_directory(pid_t pid)
{
	char path[32];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d", pid);
	fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* The directory of a process that hidepid hides may open, but is empty; see proc(5). */
static int open_full_directory(pid_t pid, int *dir_fd)
{
	*dir_fd = process_open_directory(pid);
	if (*dir_fd < 0)
		return *dir_fd;
	return faccessat(*dir_fd, "stat", F_OK, 0) < 0 ? -errno : 0;
}

static int set_no_process(pid_t pid, struct error *err)
{
	error_set(err, ESRCH, "no process or thread has the id %d", pid);
	return error_hint(err, "it may have ended; `ps -e` lists those that run");
}

int process_open(pid_t pid, struct process *process, struct error *err)
{
	int ret;

	*process = PROCESS_CLOSED;
	process->pid = pid;
	ret = check_proc(err);
	if (ret < 0)
		return ret;
	if (open_process_pidfd(pid, &process->pidfd) < 0)
		return set_no_process(pid, err);
	ret = open_full_directory(pid, &process->dir_fd);
	if (ret == 0 && process_exists(process))
		return 0;
	if (ret < 0 && process->pidfd >= 0 && process_exists(process)) {
		error_set(err, -ret, "process %d is hidden from this user", pid);
		procfs_hint_at_hidepid(err);
	} else {
		set_no_process(pid, err);
	}
	process_close(process);
	return -err->number;
}

void process_close(struct process *process)
{
	cleanup_close(&process->dir_fd);
	cleanup_close(&process->pidfd);
	process->dir_fd = -1;
	process->pidfd = -1;
}

/* A pidfd is readable when its process has ended (pidfd_open(2), Linux 5.3). */
static bool is_running(int pidfd)
{
	struct pollfd ended = {.fd = pidfd, .events = POLLIN};

	return poll(&ended, 1, 0) == 0;
}

bool process_exists(const struct process *process)
{
	if (process->pidfd >= 0) {
		if (syscall(SYS_pidfd_send_signal, process->pidfd, 0, NULL, 0) == 0)
			return true;
		if (errno == ESRCH)
			return false;
		/* EPERM may come from the kernel or from a filter of system calls, as ENOSYS does. */
		if (is_running(process->pidfd))
			return true;
	}
	return faccessat(process->dir_fd, "stat", F_OK, 0) == 0;
}

int process_read_pidfd_inode(const struct process *process, uint64_t *inode)
{
	struct stat st;
	struct statfs fs;

	if (process->pidfd < 0 || fstatfs(process->pidfd, &fs) < 0 ||
	    (unsigned long)fs.f_type != PID_FS_MAGIC)
		return -ENOTTY;
	if (fstat(process->pidfd, &st) < 0)
		return -errno;
	*inode = st.st_ino;
	return 0;
}

int process_open_ns(const struct process *process, enum ns_link link, struct ns *ns)
{
	char path[32];
	struct error ignored; /* a link of /proc/PID/ns is always a namespace */
	int fd;

	ns->fd = -1;
	snprintf(path, sizeof(path), "ns/%s", ns_link_name(link));
	fd = openat(process->dir_fd, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	return ns_from_fd(fd, ns, &ignored);
}

bool process_parse_link(const char *text, enum ns_type *type, ino_t *ino)
{
	const char *bracket = strstr(text, ":[");
	size_t digits = bracket ? strcspn(bracket + 2, "]") : 0;
	uint64_t number;

	if (!bracket || !ns_type_from_name(text, (size_t)(bracket - text), type) ||
	    strcmp(bracket + 2 + digits, "]") != 0 ||
	    !text_parse_digits(bracket + 2, digits, UINT32_MAX, &number) || number == 0)
		return false;
	*ino = number;
	return true;
}

/* "net:[4026531833]": only the digits are not known. */
int process_read_link_at(int ns_fd, enum ns_link link, ino_t *ino)
{
	const char *type = ns_type_name(ns_link_type(link));
	size_t start = strlen(type) + strlen(":[");
	char text[64];
	ssize_t length = readlinkat(ns_fd, ns_link_name(link), text, sizeof(text));
	uint64_t number;

	if (length < 0)
		return -errno;
	/* Linux 5.10.262 returns 0 for a link that this user may not read. */
	if (length == 0)
		return -EACCES;
	if ((size_t)length <= start || length == sizeof(text) || text[length - 1] != ']' ||
	    memcmp(text, type, start - strlen(":[")) != 0)
		return -EPROTO;
	text[length - 1] = '\0';
	if (!text_parse_number(text + start, UINT32_MAX, &number) || number == 0)
		return -EPROTO;
	*ino = number;
	return 0;
}

int process_read_link(int dir_fd, enum ns_link link, ino_t *ino)
{
	AUTO_CLOSE int ns_fd = openat(dir_fd, "ns", O_PATH | O_DIRECTORY | O_CLOEXEC);

	return ns_fd < 0 ? -errno : process_read_link_at(ns_fd, link, ino);
}

void process_read_links_at(int ns_fd, ns_link_set wanted, struct process_links *links)
{
	*links = (struct process_links){0};
	for (enum ns_link link = 0; link < NS_LINK_COUNT; link++) {
		if (wanted & 1U << link)
			links->reason[link] = -process_read_link_at(ns_fd, link, &links->ino[link]);
	}
}

void process_read_links(const struct process *process, struct process_links *links)
{
	AUTO_CLOSE int ns_fd = openat(process->dir_fd, "ns", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int reason = errno;

	if (ns_fd >= 0) {
		process_read_links_at(ns_fd, NS_LINK_SET_ALL, links);
		return;
	}
	*links = (struct process_links){0};
	for (enum ns_link link = 0; link < NS_LINK_COUNT; link++)
		links->reason[link] = reason;
}

void process_read_own_links(struct process_links *own)
{
	AUTO_PROCESS struct process self = PROCESS_CLOSED;

	self.dir_fd = open("/proc/self", O_PATH | O_DIRECTORY | O_CLOEXEC);
	process_read_links(&self, own);
}

int process_hold_ns_at(int ns_fd, enum ns_link link, ino_t ino, struct ns *ns)
{
	struct stat st;
	int fd = openat(ns_fd, ns_link_name(link), O_RDONLY | O_CLOEXEC);

	*ns = NS_CLOSED;
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0 || st.st_ino != ino) {
		close(fd);
		return -ESRCH;
	}
	*ns = (struct ns){.fd = fd, .type = ns_link_type(link), .dev = st.st_dev, .ino = st.st_ino};
	return 0;
}

void process_hint_at_permission(struct error *err)
{
	if (geteuid() != 0)
		error_hint(err, "run as root, or as the user who owns the process");
	else
		error_hint(
		    err,
		    "it requires CAP_SYS_PTRACE in its user namespace, and a security module may refuse");
}
