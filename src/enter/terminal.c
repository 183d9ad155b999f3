/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "enter/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/major.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <termios.h>
#include <unistd.h>

#include "base/bounded.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "enter/identity.h"
#include "enter/plan.h"
#include "ns/uapi.h"
#include "proc/status.h"
#include "run/relay.h"

/* Of the multiplexer: char 5:2 (Documentation/admin-guide/devices.txt). */
#define MULTIPLEXER_MINOR 2

#define MULTIPLEXER_FLAGS (O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)

static bool streams_are_terminals(void)
{
	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && isatty(STDERR_FILENO);
}

/* The environment and the files of another user's container are his, also in the caller's mnt namespace. */
static bool runs_code_of_others(const struct plan *plan)
{
	return plan_enters(plan, NS_MNT) || plan->configuration.is_of_other;
}

static int decide_wanted(const struct enter_request *request, struct plan *plan, struct error *err)
{
	switch (request->terminal) {
	case TERMINAL_NONE:
		return 0;
	case TERMINAL_AUTO:
		plan->terminal.wanted =
		    runs_code_of_others(plan) && !request->no_fork && streams_are_terminals();
		return 0;
	case TERMINAL_WANTED:
		plan->terminal.wanted = true;
		break;
	}
	if (isatty(STDIN_FILENO))
		return 0;
	error_set(err, ENOTTY, "-t needs a terminal, and standard input is not one");
	return error_hint(err, "leave out -t");
}

/*
 * A FIFO or another device would block or do something when it is opened.  A file
 * system of the container's own, as FUSE, could make its files look like devices that
 * close when it likes.
 */
static int check_multiplexer(int fd)
{
	struct statfs fs;
	struct stat st;

	if (fstat(fd, &st) < 0 || fstatfs(fd, &fs) < 0)
		return -errno;
	if (!S_ISCHR(st.st_mode) || st.st_rdev != makedev(TTYAUX_MAJOR, MULTIPLEXER_MINOR))
		return -ENODEV;
	return fs.f_type == DEVPTS_SUPER_MAGIC || fs.f_type == TMPFS_MAGIC ? 0 : -ENODEV;
}

static int open_multiplexer(int root_fd, const char *path)
{
	AUTO_CLOSE int found = file_open_in_root(root_fd, path);
	char name[64];
	int ret = found < 0 ? found : check_multiplexer(found);
	int fd;

	if (ret < 0)
		return ret;
	snprintf(name, sizeof(name), "/proc/self/fd/%d", found);
	fd = open(name, MULTIPLEXER_FLAGS);
	return fd < 0 ? -errno : fd;
}

/*
 * In a helper.  A user may not be permitted to open the first (ptmxmode of devpts); the
 * second is a node of its own there, for the devpts beside it (devpts_acquire() in
 * fs/devpts/inode.c).
 */
static int open_multiplexer_inside(void *context)
{
	const int *root_fd = context;
	int fd = open_multiplexer(*root_fd, "dev/pts/ptmx");

	return fd < 0 ? open_multiplexer(*root_fd, "dev/ptmx") : fd;
}

/* The program's end: a descriptor, or a negative errno. */
static int open_slave(int master_fd)
{
	int unlock = 0;
	int fd;

	if (ioctl(master_fd, TIOCSPTLCK, &unlock) < 0)
		return -errno;
	fd = ioctl(master_fd, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* Returns the multiplexer's end, or a negative errno. */
static int open_inside(const struct plan *plan, int *slave_fd)
{
	AUTO_CLOSE int root_fd = directories_open_root(plan);
	AUTO_CLOSE int master_fd = -1;

	if (root_fd < 0)
		return -ENOENT;
	master_fd = bounded_open(open_multiplexer_inside, &root_fd, &root_fd, 1, NULL);
	if (master_fd < 0)
		return master_fd;
	*slave_fd = open_slave(master_fd);
	return *slave_fd < 0 ? *slave_fd : take_fd(&master_fd);
}

static int open_outside(int *slave_fd)
{
	AUTO_CLOSE int master_fd = open("/dev/ptmx", MULTIPLEXER_FLAGS);

	if (master_fd < 0)
		return -errno;
	*slave_fd = open_slave(master_fd);
	return *slave_fd < 0 ? *slave_fd : take_fd(&master_fd);
}

static int open_pair(const struct plan *plan, struct terminal *terminal, int *master_fd, struct error *err)
{
	*master_fd = open_inside(plan, &terminal->slave_fd);
	if (*master_fd >= 0)
		return 0;
	terminal->has_no_name = true;
	*master_fd = open_outside(&terminal->slave_fd);
	if (*master_fd >= 0)
		return 0;
	return error_set_errno(err, -*master_fd, "cannot open a pseudo-terminal");
}

/* The program finds the terminal as the caller has it, also before the first change of its size. */
static int copy_state(int slave_fd, struct error *err)
{
	struct termios modes;
	struct winsize size;

	if (tcgetattr(STDIN_FILENO, &modes) < 0 || tcsetattr(slave_fd, TCSANOW, &modes) < 0 ||
	    ioctl(STDIN_FILENO, TIOCGWINSZ, &size) < 0 || ioctl(slave_fd, TIOCSWINSZ, &size) < 0)
		return error_set_errno(err, errno, "cannot give the pseudo-terminal the terminal's size");
	return 0;
}

/* A group other than the caller's comes from devpts, which was mounted with it: tty. */
static int decide_owner(const struct plan *plan, struct terminal *terminal, struct error *err)
{
	const struct credentials *credentials = &plan->credentials;
	struct stat st;
	int ret = 0;

	if (fstat(terminal->slave_fd, &st) < 0)
		return error_set_errno(err, errno, "cannot read the owner of the pseudo-terminal");
	if (credentials->set_uid)
		ret = identity_find_outside(plan, "uid_map", credentials->uid, &terminal->owner, err);
	if (ret == 0 && credentials->set_gid && st.st_gid == getegid())
		ret = identity_find_outside(plan, "gid_map", credentials->gid, &terminal->group, err);
	return ret;
}

int terminal_plan(const struct enter_request *request, struct plan *plan, struct error *err)
{
	struct terminal *terminal = &plan->terminal;
	AUTO_CLOSE int master_fd = -1;
	int ret = decide_wanted(request, plan, err);

	if (ret < 0 || !terminal->wanted)
		return ret;
	ret = open_pair(plan, terminal, &master_fd, err);
	if (ret == 0)
		ret = copy_state(terminal->slave_fd, err);
	if (ret == 0)
		ret = decide_owner(plan, terminal, err);
	if (ret < 0)
		return ret;
	terminal->relay = relay_make(master_fd, err);
	if (!terminal->relay)
		return -err->number;
	take_fd(&master_fd);
	return 0;
}

/*
 * Returns false if it is forbidden, or an id is not mapped.  The program has the terminal
 * all the same, but cannot open it again by its name.
 */
static bool change_owner(int fd, uid_t owner, gid_t group)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return false;
	if (owner == st.st_uid)
		owner = (uid_t)-1;
	if (owner == (uid_t)-1 && group == (gid_t)-1)
		return true;
	return fchown(fd, owner, group) == 0;
}

int terminal_give(const struct plan *plan, struct error *err)
{
	const struct terminal *terminal = &plan->terminal;

	(void)err;
	if (terminal->wanted)
		change_owner(terminal->slave_fd, terminal->owner, terminal->group);
	return 0;
}

int terminal_attach(const struct plan *plan, struct error *err)
{
	const struct terminal *terminal = &plan->terminal;

	if (!terminal->wanted)
		return 0;
	if (plan->credentials.set_uid)
		change_owner(terminal->slave_fd, plan->credentials.uid, (gid_t)-1);
	if (setsid() < 0 || ioctl(terminal->slave_fd, TIOCSCTTY, 0) < 0)
		return error_set_errno(err, errno, "cannot make a session with the pseudo-terminal");
	for (int fd = 0; fd <= STDERR_FILENO; fd++) {
		if (dup2(terminal->slave_fd, fd) < 0)
			return error_set_errno(err, errno, "cannot pass on the pseudo-terminal");
	}
	return 0;
}

void terminal_free(struct terminal *terminal)
{
	relay_free(terminal->relay);
	cleanup_close(&terminal->slave_fd);
}
