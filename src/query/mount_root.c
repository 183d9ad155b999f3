/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "query/mount_root.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "ns/uapi.h"
#include "proc/mountinfo.h"
#include "proc/place.h"
#include "proc/process.h"

/* A lookup without waiting also fails if a mount or a rename interferes. */
#define CACHED_TRIES 16
/* A root that lies deeper below that of its mnt namespace is hostile. */
#define MAX_UPS 40
/* How many processes of a mnt namespace are tried. */
#define MAX_PROCESSES 16

int finder_open_uncached(int dir_fd, const char *path, uint64_t resolve)
{
	struct open_how how = {.flags = O_PATH | O_NOFOLLOW | O_CLOEXEC, .resolve = resolve};
	long fd = syscall(SYS_openat2, dir_fd, path, &how, sizeof(how));

	if (fd < 0 && errno == ENOSYS)
		fd = openat(dir_fd, path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? -errno : (int)fd;
}

int finder_open_cached(int dir_fd, const char *path, uint64_t resolve)
{
	int fd = -EAGAIN;

	for (int i = 0; i < CACHED_TRIES && fd == -EAGAIN; i++)
		fd = finder_open_uncached(dir_fd, path, resolve | RESOLVE_CACHED);
	return fd == -EINVAL ? finder_open_uncached(dir_fd, path, resolve) : fd;
}

static int read_root_place(int fd, struct place *place)
{
	int ret = place_read(fd, "", place);

	/* Linux 5.8 was the first to report it there. */
	return ret == 0 && place->mount_id == 0 ? mountinfo_read_id(fd, &place->mount_id) : ret;
}

/*
 * Opens the root of the mnt namespace that a root is in: there ".." leads no
 * further, as the kernel stops only at the caller's own root.  Stores the steps
 * in ups.  Returns a descriptor or a negative errno.
 */
static int climb_to_root(int root_fd, unsigned int *ups)
{
	AUTO_CLOSE int fd = finder_open_cached(root_fd, ".", 0);
	struct place here;
	int ret = fd < 0 ? fd : read_root_place(fd, &here);

	for (*ups = 0; ret == 0 && *ups <= MAX_UPS; ++*ups) {
		AUTO_CLOSE int above_fd = finder_open_cached(fd, "..", 0);
		struct place above;

		ret = above_fd < 0 ? above_fd : read_root_place(above_fd, &above);
		if (ret < 0)
			break;
		if (place_is_same(&here, &above))
			return take_fd(&fd);
		here = above;
		close(fd);
		fd = take_fd(&above_fd);
	}
	return ret < 0 ? ret : -ELOOP;
}

static void finder_close(struct finder *finder)
{
	cleanup_close(&finder->dir_fd);
	cleanup_close(&finder->root_fd);
	cleanup_close(&finder->top_fd);
	finder->dir_fd = finder->root_fd = finder->top_fd = -1;
	finder->pid = 0;
	finder->ups = 0;
	finder->mnt_ns = SNAPSHOT_NONE;
}

#define AUTO_FINDER __attribute__((cleanup(finder_close)))

/* A root may lie in another mnt namespace than its process: then it leads to none of these mounts. */
static bool sees_mounts(int dir_fd)
{
	AUTO_CLOSE int fd = openat(dir_fd, "mountinfo", O_RDONLY | O_CLOEXEC);
	char byte;

	return fd >= 0 && read(fd, &byte, 1) == 1;
}

/* Opens the root of a process that is still in the mnt namespace.  Returns 0 or a negative errno. */
static int open_roots(const struct snapshot *snapshot, uint32_t mnt_ns, pid_t pid, struct finder *found)
{
	ino_t ino;

	*found = FINDER(snapshot, SNAPSHOT_NONE);
	found->mnt_ns = mnt_ns;
	found->pid = pid;
	found->dir_fd = process_open_directory(pid);
	if (found->dir_fd < 0)
		return -ESRCH;
	if (process_read_link(found->dir_fd, NS_LINK_MNT, &ino) < 0 ||
	    ino != snapshot->namespaces[mnt_ns].ino)
		return -ESRCH;
	found->root_fd = openat(found->dir_fd, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (found->root_fd < 0)
		return -errno;
	found->top_fd = climb_to_root(found->root_fd, &found->ups);
	return found->top_fd < 0 ? found->top_fd : 0;
}

/* Prefers a process whose root is that of its mnt namespace. */
static bool is_better(const struct finder *one, const struct finder *other)
{
	return other->pid == 0 || (one->ups == 0 && sees_mounts(one->dir_fd));
}

static void take_better(struct finder *finder, struct finder *candidate)
{
	uint32_t own_mnt = finder->own_mnt;

	if (!is_better(candidate, finder)) {
		finder_close(candidate);
		return;
	}
	finder_close(finder);
	*finder = *candidate;
	finder->own_mnt = own_mnt;
}

/* Returns 0; -ESRCH if no process is there; or another negative errno. */
static int choose_process(struct finder *finder, uint32_t mnt_ns)
{
	const struct snapshot *snapshot = finder->snapshot;
	uint32_t task = snapshot->namespaces[mnt_ns].first_task;
	int failure = -ESRCH;
	uint32_t most = snapshot->namespaces[mnt_ns].task_count;

	if (most > MAX_PROCESSES)
		most = MAX_PROCESSES;
	for (uint32_t tried = 0; task < snapshot->task_count && tried < most; task++) {
		AUTO_FINDER struct finder candidate = FINDER(snapshot, SNAPSHOT_NONE);
		int ret;

		if (!snapshot_task_is_in(snapshot, task, mnt_ns))
			continue;
		tried++;
		ret = open_roots(snapshot, mnt_ns, snapshot->tasks[task].pid, &candidate);
		if (ret < 0) {
			failure = ret == -ESRCH ? failure : ret;
			continue;
		}
		take_better(finder, &candidate);
		candidate = FINDER(snapshot, SNAPSHOT_NONE);
		if (finder->ups == 0 && sees_mounts(finder->dir_fd))
			return 0;
	}
	return finder->pid ? 0 : failure;
}

static int open_own_root(struct finder *finder)
{
	finder->root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	finder->top_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	finder->dir_fd = open("/proc/self", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return finder->top_fd < 0 ? -ENOENT : 0;
}

struct looked_for {
	uint64_t mount_id;
	bool is_procfs;
};

static int look_at_root_line(const struct mountinfo_line *line, void *context)
{
	struct looked_for *looked_for = context;

	if (line->id != looked_for->mount_id)
		return 0;
	looked_for->is_procfs = strcmp(line->fstype, "proc") == 0;
	return 1;
}

static bool shows_caller(const struct finder *finder)
{
	AUTO_CLOSE int proc_fd = finder_open_cached(finder->top_fd, "proc", RESOLVE_NO_SYMLINKS);
	AUTO_CLOSE int own_fd = -1;
	struct looked_for looked_for = {0};

	if (proc_fd < 0 || mountinfo_read_id(proc_fd, &looked_for.mount_id) < 0 ||
	    mountinfo_read(finder->dir_fd, "mountinfo", look_at_root_line, &looked_for) < 0 ||
	    !looked_for.is_procfs)
		return false;
	/* procfs answers at once; a file system mounted below it may not. */
	own_fd = finder_open_uncached(proc_fd, "self/mountinfo", RESOLVE_NO_XDEV);
	return own_fd >= 0;
}

int finder_open(struct finder *finder, uint32_t mnt_ns)
{
	if (mnt_ns == SNAPSHOT_NONE)
		return -ESRCH;
	if (finder->mnt_ns == mnt_ns)
		return finder->failure;
	finder_close(finder);
	if (mnt_ns == finder->own_mnt)
		finder->failure = open_own_root(finder);
	else
		finder->failure = choose_process(finder, mnt_ns);
	finder->mnt_ns = mnt_ns;
	finder->shows_caller = finder->failure == 0 && shows_caller(finder);
	return finder->failure;
}
