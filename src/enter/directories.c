/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "enter/directories.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "enter/plan.h"
#include "proc/place.h"

static int open_of_caller(const char *path, int *fd, struct error *err)
{
	*fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return *fd < 0 ? error_set_errno(err, errno, "cannot open the directory '%.400s'", path) : 0;
}

static int refuse_without_mnt(const char *option, struct error *err)
{
	error_set(err, EINVAL, "%s needs a process, or a mnt namespace that is entered", option);
	return error_hint(err, "add -m if the target has one, or give a directory: %s=DIR", option);
}

/*
 * For a target without a process, "the target's" is the root of its mnt namespace,
 * which entering it sets anyway.  nsenter(1) refuses these options there.
 */
static int settle_without_process(const struct enter_request *request, const struct plan *plan,
				  struct directory_choice *root, struct directory_choice *wd,
				  struct error *err)
{
	if (request->as_nsenter || plan->process.dir_fd >= 0 || plan->namespaces.given == 0)
		return 0;
	if (plan->namespaces.given & 1U << NS_MNT) {
		root->wanted = root->path;
		wd->wanted = wd->path;
		return 0;
	}
	if (root->wanted && !root->path)
		return refuse_without_mnt("--root", err);
	return wd->wanted && !wd->path ? refuse_without_mnt("--wd", err) : 0;
}

/* Stores in *fd either of_process or *given, opened from the caller's path. */
static int choose_directory(const struct directory_choice *choice, const struct plan *plan, int of_process,
			    const char *option, int *given, int *fd, struct error *err)
{
	int ret;

	if (choice->path)
		ret = open_of_caller(choice->path, given, err);
	else
		ret = plan_need_process(plan, option, err);
	*fd = choice->path ? *given : of_process;
	if (ret == 0 && *fd < 0)
		return error_set(err, ESRCH, "process %d has ended: it has no directory for %s",
				 plan->process.pid, option);
	return ret;
}

bool directories_are_kept(const struct plan *plan)
{
	return !plan_enters(plan, NS_MNT) && plan->directories.root_fd < 0;
}

int directories_open_root(const struct plan *plan)
{
	int flags = O_PATH | O_DIRECTORY | O_CLOEXEC;

	if (plan->directories.root_fd >= 0)
		return openat(plan->directories.root_fd, ".", flags);
	if (!plan_enters(plan, NS_MNT))
		return open("/", flags);
	return plan->process.dir_fd < 0 ? -1 : openat(plan->process.dir_fd, "root", flags);
}

/* Whether the program has this root anyway: the caller's, without another mnt namespace. */
static bool is_own_root(const struct plan *plan, int root_fd)
{
	struct place own;
	struct place target;

	if (plan_enters(plan, NS_MNT))
		return false;
	return place_read(AT_FDCWD, "/", &own) == 0 && place_read(root_fd, "", &target) == 0 &&
	       own.mount_id != 0 && target.mount_id != 0 && place_is_same(&own, &target);
}

int directories_plan(const struct enter_request *request, struct plan *plan, struct error *err)
{
	struct directories *directories = &plan->directories;
	/* The directories of a process belong to its own mnt namespace. */
	bool process = plan->process.dir_fd >= 0 &&
		       (!plan_enters(plan, NS_MNT) || (plan->namespaces.of_process & (1U << NS_MNT)));
	struct directory_choice root = request->root;
	struct directory_choice wd = request->wd;
	int ret;

	root.wanted |= request->everything && process;
	/* The process's working directory lies below its own root only. */
	wd.wanted |= request->everything && process && !request->wd_inside && !root.path;
	ret = settle_without_process(request, plan, &root, &wd, err);
	if (ret == 0 && root.wanted)
		ret = choose_directory(&root, plan, plan->seen.root_fd, "--root", &directories->given_root_fd,
				       &directories->root_fd, err);
	if (ret == 0 && directories->root_fd >= 0 && request->everything &&
	    is_own_root(plan, directories->root_fd))
		directories->root_fd = -1;
	if (ret == 0 && wd.wanted)
		ret = choose_directory(&wd, plan, plan->seen.wd_fd, "--wd", &directories->given_wd_fd,
				       &directories->wd_fd, err);
	directories->wd_inside = request->wd_inside;
	directories->wd_advice = request->confined
				     ? "choose another with -w DIR, a path inside: -w /"
				     : "choose another with --wdns=DIR, a path inside: --wdns=/";
	directories->wd_in_root = request->confined;
	/* nsenter accepts any where the root stays the caller's: the program could go there anyway. */
	directories->wd_checked =
	    wd.wanted && !(request->as_nsenter && (wd.path || directories_are_kept(plan)));
	directories->wd_stays = request->as_nsenter && root.wanted && !wd.wanted && !request->wd_inside;
	return ret;
}

void directories_free(struct directories *directories)
{
	cleanup_close(&directories->given_root_fd);
	cleanup_close(&directories->given_wd_fd);
}

/*
 * Whether the current directory lies below the root: getcwd(2) of the kernel returns
 * a path without a leading slash for one that does not.  Returns 1, 0 or a negative
 * errno, -ENOENT for a directory that was deleted.
 */
static int is_below_root(void)
{
	char path[PATH_MAX];
	long length = syscall(SYS_getcwd, path, sizeof(path));

	return length < 0 ? -errno : path[0] == '/';
}

/*
 * unshare(2) changes the mnt namespace of a task first, and its root afterwards
 * (ksys_unshare() in kernel/fork.c).  In between, as long as the task is preempted,
 * its root does not belong to its mnt namespace.
 */
static int check_root_is_of_ns(const struct plan *plan, struct error *err)
{
	int ret;

	if (!plan_enters(plan, NS_MNT) || plan->directories.given_root_fd >= 0)
		return 0;
	ret = is_below_root();
	if (ret > 0)
		return 0;
	if (ret < 0 && ret != -ENOENT)
		return error_set_errno(err, -ret, "cannot check the root directory");
	error_set(err, EXDEV, "the root directory of process %d %s", plan->process.pid,
		  ret < 0 ? "was deleted" : "lies outside its mnt namespace");
	return error_hint(err, "if it is changing its namespaces, try again, or stop it first: kill -STOP %d",
			  plan->process.pid);
}

static int change_root(const struct plan *plan, struct error *err)
{
	const struct directories *directories = &plan->directories;
	AUTO_CLOSE int back = -1;

	if (directories->root_fd < 0)
		return 0;
	if (directories->wd_stays) {
		back = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (back < 0)
			return error_set_errno(err, errno, "cannot open the current directory");
	}
	if (fchdir(directories->root_fd) < 0)
		return error_set_errno(err, errno, "cannot change to the root directory");
	if (check_root_is_of_ns(plan, err) < 0)
		return -err->number;
	if (chroot(".") < 0)
		return error_set_errno(err, errno, "cannot change the root directory");
	if (back >= 0 && fchdir(back) < 0)
		return error_set_errno(err, errno, "cannot return to the current directory");
	return 0;
}

/* A working directory outside the root is a door to the host's files (CVE-2024-21626). */
static int check_inside_root(const struct directories *directories, struct error *err)
{
	int ret = is_below_root();

	if (ret > 0)
		return 0;
	if (ret < 0 && ret != -ENOENT)
		return error_set_errno(err, -ret, "cannot check the working directory");
	error_set(err, EXDEV, "the working directory %s", ret < 0 ? "was deleted" : "lies outside the root");
	return error_hint(err, "%s", directories->wd_advice);
}

/* Links such as /proc/self/fd/7 are not followed: they lead out of the root (CVE-2024-21626). */
static int change_in_root(const struct directories *directories, struct error *err)
{
	const char *path = directories->wd_inside;
	AUTO_CLOSE int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	AUTO_CLOSE int fd = root < 0 ? -errno : file_open_in_root(root, path);
	int ret = fd < 0 ? fd : 0;

	if (ret == 0 && fchdir(fd) < 0)
		ret = -errno;
	if (ret == 0)
		return check_inside_root(directories, err);
	error_set_errno(err, -ret, "cannot change to the directory '%.400s' inside", path);
	return error_hint(err, "%s", directories->wd_advice);
}

static int change_directory(const struct directories *directories, struct error *err)
{
	if (directories->wd_inside && directories->wd_in_root)
		return change_in_root(directories, err);
	if (directories->wd_inside && chdir(directories->wd_inside) < 0)
		return error_set_errno(err, errno, "cannot change to the directory '%.400s' inside",
				       directories->wd_inside);
	if (directories->wd_fd < 0)
		return 0;
	if (fchdir(directories->wd_fd) < 0) {
		error_set_errno(err, errno, "cannot change to the working directory");
		return error_hint(err, "%s", directories->wd_advice);
	}
	return directories->wd_checked ? check_inside_root(directories, err) : 0;
}

int directories_apply(const struct plan *plan, struct error *err)
{
	int ret = change_root(plan, err);

	return ret < 0 ? ret : change_directory(&plan->directories, err);
}
