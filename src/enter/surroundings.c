/* Root, working directory, environment and security label of the program. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/bounded.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "enter/plan.h"
#include "proc/place.h"

/* Far above what exec allows (a quarter of the stack limit, or 6 MiB; execve(2)). */
#define ENVIRONMENT_LIMIT (16U << 20)

static int need_target(const struct plan *plan, const char *option, struct error *err)
{
	if (plan->process.dir_fd >= 0)
		return 0;
	error_set(err, EINVAL, "%s needs a process", option);
	return error_hint(err, "give one with -t PID");
}

static int open_of_caller(const char *path, int *fd, struct error *err)
{
	*fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return *fd < 0 ? error_set_errno(err, errno, "cannot open the directory '%.400s'", path) : 0;
}

/* of_process: the process's, opened when it was read; given: what the caller's path leads to.  *fd is one of
 * them. */
static int choose_directory(const struct directory_choice *choice, const struct plan *plan, int of_process,
			    const char *option, int *given, int *fd, struct error *err)
{
	int ret;

	if (choice->path)
		ret = open_of_caller(choice->path, given, err);
	else
		ret = need_target(plan, option, err);
	*fd = choice->path ? *given : of_process;
	if (ret == 0 && *fd < 0)
		return error_set(err, ESRCH, "process %d has ended: it has no directory for %s",
				 plan->process.pid, option);
	return ret;
}

int plan_open_root(const struct plan *plan)
{
	int flags = O_PATH | O_DIRECTORY | O_CLOEXEC;

	if (plan->root_fd >= 0)
		return openat(plan->root_fd, ".", flags);
	if (!(plan->types & (1U << NS_MNT)))
		return open("/", flags);
	return plan->process.dir_fd < 0 ? -1 : openat(plan->process.dir_fd, "root", flags);
}

/* Whether the program would have this root anyhow: the caller's, where no mnt namespace is entered. */
static bool is_own_root(const struct plan *plan, int root_fd)
{
	struct place own;
	struct place target;

	if (plan->types & (1U << NS_MNT))
		return false;
	return place_read(AT_FDCWD, "/", &own) == 0 && place_read(root_fd, "", &target) == 0 &&
	       own.mount_id != 0 && target.mount_id != 0 && place_is_same(&own, &target);
}

static int plan_directories(const struct enter_request *request, struct plan *plan, struct error *err)
{
	bool process = plan->process.dir_fd >= 0;
	struct directory_choice root = request->root;
	struct directory_choice wd = request->wd;
	int ret = 0;

	root.wanted |= request->everything && process;
	/* The process's working directory belongs to its own root. */
	wd.wanted |= request->everything && process && !request->wd_inside && !root.path;
	if (root.wanted)
		ret = choose_directory(&root, plan, plan->seen.root_fd, "--root", &plan->given_root_fd,
				       &plan->root_fd, err);
	if (ret == 0 && plan->root_fd >= 0 && request->everything && is_own_root(plan, plan->root_fd))
		plan->root_fd = -1;
	if (ret == 0 && wd.wanted)
		ret = choose_directory(&wd, plan, plan->seen.wd_fd, "--wd", &plan->given_wd_fd, &plan->wd_fd,
				       err);
	plan->wd_inside = request->wd_inside;
	plan->wd_checked = wd.wanted && !(request->as_nsenter && wd.path);
	plan->wd_stays = request->as_nsenter && root.wanted && !wd.wanted && !request->wd_inside;
	return ret;
}

/*
 * Points *entries at the NUL-terminated strings of text, as environ(7) wants
 * them.  Where some are not NAME=VALUE the process has written its title or
 * something else over them.
 */
static int split_environment(char *text, size_t length, char ***entries, bool *damaged)
{
	size_t count = 0;
	size_t next = 0;

	for (size_t i = 0; i < length; i++)
		count += text[i] == '\0';
	*entries = calloc(count + 2, sizeof(**entries));
	if (!*entries)
		return -ENOMEM;
	for (size_t i = 0; i < length; i += strlen(text + i) + 1) {
		if (strchr(text + i, '='))
			(*entries)[next++] = text + i;
		else
			*damaged = true;
	}
	return 0;
}

static int plan_environment(const struct enter_request *request, struct plan *plan, struct error *err)
{
	ssize_t length;
	int ret;

	plan->environment = environ;
	if (!request->environment)
		return 0;
	ret = need_target(plan, "--env", err);
	if (ret < 0)
		return ret;
	/* Whoever holds the mmap_lock of the process lets every reader wait. */
	length = bounded_load_at(plan->process.dir_fd, "environ", ENVIRONMENT_LIMIT, &plan->environment_text,
				 NULL);
	if (length >= 0)
		ret = split_environment(plan->environment_text, (size_t)length, &plan->own_environment,
					&plan->environment_is_damaged);
	if (length < 0 || ret < 0)
		return error_set_errno(err, length < 0 ? (int)-length : -ret,
				       "cannot read the environment of process %d", plan->process.pid);
	plan->environment = plan->own_environment;
	return 0;
}

static bool selinux_is_enabled(void)
{
	struct statfs fs;

	return statfs("/sys/fs/selinux", &fs) == 0 && (unsigned long)fs.f_type == SELINUX_MAGIC;
}

/* Like nsenter, says nothing on a kernel without SELinux. */
static int plan_context(const struct enter_request *request, struct plan *plan, struct error *err)
{
	int ret;

	if (!request->follow_context || !selinux_is_enabled())
		return 0;
	ret = need_target(plan, "--follow-context", err);
	if (ret < 0)
		return ret;
	if (!plan->seen.label || !plan->seen.label[0])
		return error_set_errno(err, ENODATA, "cannot read the SELinux context of process %d",
				       plan->process.pid);
	plan->context_fd = open("/proc/thread-self/attr/exec", O_WRONLY | O_CLOEXEC);
	if (plan->context_fd < 0)
		return error_set_errno(err, errno, "cannot open /proc/thread-self/attr/exec");
	return 0;
}

static int plan_cgroups(const struct enter_request *request, struct plan *plan, struct error *err)
{
	AUTO_FREE char *of_process = NULL;
	AUTO_FREE char *own = NULL;
	ssize_t length;
	int ret;

	if (!request->join_cgroup)
		return 0;
	ret = need_target(plan, "--join-cgroup", err);
	if (ret < 0)
		return ret;
	of_process = strdup(plan->seen.cgroup);
	length = file_load_at(AT_FDCWD, "/proc/thread-self/cgroup", CGROUP_FILE_LIMIT, &own);
	if (!of_process || length < 0)
		return error_set_errno(err, of_process ? (int)-length : ENOMEM,
				       "cannot read the caller's cgroups");
	return cgroups_open(of_process, own, plan->process.pid, &plan->cgroups, err);
}

int plan_surroundings(const struct enter_request *request, struct plan *plan, struct error *err)
{
	int ret = plan_directories(request, plan, err);

	if (ret == 0)
		ret = plan_environment(request, plan, err);
	if (ret == 0)
		ret = plan_context(request, plan, err);
	return ret < 0 ? ret : plan_cgroups(request, plan, err);
}
