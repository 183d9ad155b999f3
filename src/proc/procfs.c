/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "proc/procfs.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "proc/process.h"
#include "proc/status.h"

/*
 * The initial pid namespace has no parent: if the caller is in it, a /proc that
 * shows the caller was mounted for it.
 */
static bool is_in_initial_pid_ns(int dir_fd)
{
	ino_t ino;

	return process_read_link(dir_fd, NS_LINK_PID, &ino) == 0 && ns_is_initial(NS_PID, ino);
}

/*
 * The caller has a PID in each pid namespace from that of /proc down to its own
 * (NSpid, Linux 4.1; without CONFIG_PID_NS there is no such line, and only one
 * namespace).  The PIDs in two of them may be equal: their number decides.
 */
int procfs_check_own(void)
{
	AUTO_STATUS struct process_status status = {0};
	AUTO_CLOSE int dir_fd = open("/proc/self", O_PATH | O_DIRECTORY | O_CLOEXEC);
	const struct process self = {.dir_fd = dir_fd, .pidfd = -1};
	int ret;

	if (dir_fd < 0)
		return -errno;
	/* Much faster than status. */
	if (is_in_initial_pid_ns(dir_fd))
		return 0;
	ret = process_read_status(&self, &status);
	if (ret < 0)
		return ret;
	return status.nspid_count > 1 ? -EXDEV : 0;
}

int procfs_open(void)
{
	AUTO_CLOSE int fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct statfs fs;

	if (fd < 0 || fstatfs(fd, &fs) < 0)
		return -errno;
	return fs.f_type == PROC_SUPER_MAGIC ? take_fd(&fd) : -ENOENT;
}

int procfs_open_self(void)
{
	AUTO_CLOSE int proc_fd = procfs_open();
	int fd;

	if (proc_fd < 0)
		return proc_fd;
	fd = openat(proc_fd, "self", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* Process 1 always exists: if /proc does not show it, hidepid hides it, and others; see proc(5). */
bool procfs_has_hidden(void)
{
	AUTO_CLOSE int pidfd = (int)syscall(SYS_pidfd_open, 1, 0);

	return pidfd >= 0 && access("/proc/1/stat", F_OK) < 0 && errno == ENOENT;
}

int procfs_hint_at_hidepid(struct error *err)
{
	return error_hint(err, "/proc is mounted with hidepid: run as root");
}
