/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "enter/descriptors.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "enter/plan.h"
#include "ns/uapi.h"
#include "run/own_files.h"

static bool is_directory(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Sets the flag on each descriptor from first on, or only on the directories among them. */
static int close_each_on_exec(int first, bool directories_only, struct error *err)
{
	AUTO_CLOSEDIR DIR *files = opendir("/proc/self/fd");
	struct dirent *entry;
	uint64_t number;

	if (!files)
		return error_set_errno(err, errno, "cannot read /proc/self/fd");
	while ((entry = readdir(files))) {
		int fd;

		if (!text_parse_number(entry->d_name, INT_MAX, &number))
			continue;
		fd = (int)number;
		if (fd < first || fd == dirfd(files) || (directories_only && !is_directory(fd)))
			continue;
		if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)
			return error_set_errno(err, errno, "cannot close descriptor %d", fd);
	}
	return 0;
}

static int close_all_on_exec(unsigned int first, struct error *err)
{
	if (syscall(SYS_close_range, first, ~0U, CLOSE_RANGE_CLOEXEC) == 0)
		return 0;
	/* The flag is available since Linux 5.11; seccomp filters may refuse the call. */
	if (errno == EINVAL || errno == ENOSYS || errno == EPERM)
		return close_each_on_exec((int)first, false, err);
	return error_set_errno(err, errno, "cannot close the descriptors from %u on", first);
}

static int check_preserved(unsigned int count, struct error *err)
{
	for (unsigned int i = 0; i < count; i++) {
		int flags = fcntl((int)(3 + i), F_GETFD);

		if (flags >= 0 && !(flags & FD_CLOEXEC))
			continue;
		error_set(err, EBADF, "--preserve-fds %u: descriptor %u is not open", count, 3 + i);
		return error_hint(err, "the count starts at descriptor 3");
	}
	return 0;
}

/* All of enter's are closed from the first on: by one call since Linux 5.9, if no seccomp filter refuses it.
 */
static bool can_close_range(const struct descriptors *descriptors)
{
	return !descriptors->directories_only && syscall(SYS_close_range, ~0U, ~0U, 0) == 0;
}

static int plan_close(struct descriptors *descriptors, struct error *err)
{
	descriptors->last = -1;
	if (descriptors->keeps_all || can_close_range(descriptors))
		return 0;
	descriptors->last = own_files_find_last();
	return descriptors->last < 0 ? error_set_errno(err, -descriptors->last, "cannot read /proc/self/fd")
				     : 0;
}

int descriptors_plan(const struct enter_request *request, struct plan *plan, struct error *err)
{
	struct descriptors *descriptors = &plan->descriptors;
	int ret = 0;

	descriptors->first = 3;
	descriptors->directories_only = request->as_nsenter;
	descriptors->keeps_all = request->as_nsenter && directories_are_kept(plan);
	if (!request->as_nsenter) {
		descriptors->first += request->preserve_fds;
		ret = check_preserved(request->preserve_fds, err);
	}
	return ret < 0 ? ret : plan_close(descriptors, err);
}

int descriptors_apply(const struct plan *plan, struct error *err)
{
	const struct descriptors *descriptors = &plan->descriptors;

	if (descriptors->keeps_all)
		return 0;
	return descriptors->directories_only ? close_each_on_exec((int)descriptors->first, true, err)
					     : close_all_on_exec(descriptors->first, err);
}

/* Those that the caller closed are nsctl's, too: streams_occupy(). */
static int close_streams(void)
{
	return own_files_close(STDIN_FILENO, STDERR_FILENO);
}

int descriptors_close(const struct plan *plan, struct error *err)
{
	const struct descriptors *descriptors = &plan->descriptors;
	int ret = close_streams();

	(void)err;
	if (ret < 0 || descriptors->keeps_all)
		return ret;
	if (descriptors->last >= 0)
		return own_files_close((int)descriptors->first, descriptors->last);
	return syscall(SYS_close_range, descriptors->first, ~0U, 0) < 0 ? -errno : 0;
}
