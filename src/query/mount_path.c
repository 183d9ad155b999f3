#include "query/mount_path.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "ns/uapi.h"
#include "proc/mountinfo.h"
#include "proc/process.h"

/* A lookup without waiting also fails where a mount or a rename comes in between. */
#define CACHED_TRIES 16
/* A root that lies deeper than this below that of its mnt namespace was made to be a nuisance. */
#define MAX_UPS 40
/* The processes of a mnt namespace that are tried. */
#define MAX_PROCESSES 16

/* What a path leads to, told without asking the file system (AT_STATX_DONT_SYNC). */
struct place {
	uint64_t mount_id;
	uint64_t ino;
	uint32_t major;
	uint32_t minor;
};

static int open_uncached(int dir_fd, const char *path, uint64_t resolve)
{
	struct open_how how = {.flags = O_PATH | O_NOFOLLOW | O_CLOEXEC, .resolve = resolve};
	long fd = syscall(SYS_openat2, dir_fd, path, &how, sizeof(how));

	if (fd < 0 && errno == ENOSYS)
		fd = openat(dir_fd, path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? -errno : (int)fd;
}

/* Returns a descriptor, or a negative errno; -EAGAIN: a file system would have to be asked. */
static int open_cached(int dir_fd, const char *path, uint64_t resolve)
{
	int fd = -EAGAIN;

	for (int i = 0; i < CACHED_TRIES && fd == -EAGAIN; i++)
		fd = open_uncached(dir_fd, path, resolve | RESOLVE_CACHED);
	return fd == -EINVAL ? open_uncached(dir_fd, path, resolve) : fd;
}

static int read_mount_id(int fd, uint64_t *mount_id)
{
	char name[64];
	char text[512];
	const char *line;

	snprintf(name, sizeof(name), "/proc/self/fdinfo/%d", fd);
	if (file_read_at(AT_FDCWD, name, text, sizeof(text)) < 0)
		return -ENOENT;
	line = strstr(text, "mnt_id:");
	if (!line)
		return -ENOENT;
	*mount_id = strtoull(line + strlen("mnt_id:"), NULL, 10);
	return 0;
}

static int read_place(int fd, struct place *place)
{
	struct statx st;

	if (statx(fd, "", AT_EMPTY_PATH | AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC, STATX_INO, &st) < 0)
		return -errno;
	*place = (struct place){.ino = st.stx_ino, .major = st.stx_dev_major, .minor = st.stx_dev_minor};
	return read_mount_id(fd, &place->mount_id);
}

static bool is_same_place(const struct place *a, const struct place *b)
{
	return a->mount_id == b->mount_id && a->ino == b->ino && a->major == b->major && a->minor == b->minor;
}

/*
 * From a root to that of its mnt namespace, where ".." leads no further: the
 * kernel stops only at the caller's own root.  Takes the steps into ups.
 * Returns a descriptor or a negative errno.
 */
static int climb(int root_fd, unsigned int *ups)
{
	AUTO_CLOSE int fd = open_cached(root_fd, ".", 0);
	struct place here;
	int ret = fd < 0 ? fd : read_place(fd, &here);

	for (*ups = 0; ret == 0 && *ups <= MAX_UPS; ++*ups) {
		AUTO_CLOSE int above_fd = open_cached(fd, "..", 0);
		struct place above;

		ret = above_fd < 0 ? above_fd : read_place(above_fd, &above);
		if (ret < 0)
			break;
		if (is_same_place(&here, &above))
			return take_fd(&fd);
		here = above;
		close(fd);
		fd = take_fd(&above_fd);
	}
	return ret < 0 ? ret : -ELOOP;
}

void mount_paths_close(struct mount_paths *paths)
{
	cleanup_close(&paths->dir_fd);
	cleanup_close(&paths->root_fd);
	cleanup_close(&paths->top_fd);
	paths->dir_fd = paths->root_fd = paths->top_fd = -1;
	paths->pid = 0;
	paths->ups = 0;
	paths->mnt_ns = SNAPSHOT_NONE;
}

/* A root may lie in another mnt namespace than its process: then that has no mounts to show. */
static bool sees_mounts(int dir_fd)
{
	AUTO_CLOSE int fd = openat(dir_fd, "mountinfo", O_RDONLY | O_CLOEXEC);
	char byte;

	return fd >= 0 && read(fd, &byte, 1) == 1;
}

/* The root of a process that still is in the mnt namespace.  Returns 0 or a negative errno. */
static int open_roots(const struct snapshot *snapshot, uint32_t mnt_ns, pid_t pid, struct mount_paths *found)
{
	AUTO_CLOSE int ns_fd = -1;
	char path[32];
	ino_t ino;

	*found = MOUNT_PATHS(snapshot, SNAPSHOT_NONE);
	found->mnt_ns = mnt_ns;
	found->pid = pid;
	snprintf(path, sizeof(path), "/proc/%d", pid);
	found->dir_fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	ns_fd = openat(found->dir_fd, "ns", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (ns_fd < 0 || process_read_link_at(ns_fd, NS_LINK_MNT, &ino) < 0 ||
	    ino != snapshot->namespaces[mnt_ns].ino)
		return -ESRCH;
	found->root_fd = openat(found->dir_fd, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (found->root_fd < 0)
		return -errno;
	found->top_fd = climb(found->root_fd, &found->ups);
	return found->top_fd < 0 ? found->top_fd : 0;
}

/* Rather one whose root is that of its mnt namespace. */
static bool is_better(const struct mount_paths *one, const struct mount_paths *other)
{
	return other->pid == 0 || (one->ups == 0 && sees_mounts(one->dir_fd));
}

static void take_better(struct mount_paths *paths, struct mount_paths *candidate)
{
	uint32_t own_mnt = paths->own_mnt;

	if (!is_better(candidate, paths)) {
		mount_paths_close(candidate);
		return;
	}
	mount_paths_close(paths);
	*paths = *candidate;
	paths->own_mnt = own_mnt;
}

/* Returns 0; -ESRCH where no process is there; or another negative errno. */
static int choose_process(struct mount_paths *paths, uint32_t mnt_ns)
{
	const struct snapshot *snapshot = paths->snapshot;
	uint32_t task = snapshot->namespaces[mnt_ns].first_task;
	int failure = -ESRCH;
	uint32_t most = snapshot->namespaces[mnt_ns].task_count;

	if (most > MAX_PROCESSES)
		most = MAX_PROCESSES;
	for (uint32_t tried = 0; task < snapshot->task_count && tried < most; task++) {
		AUTO_MOUNT_PATHS struct mount_paths candidate = MOUNT_PATHS(snapshot, SNAPSHOT_NONE);
		int ret;

		if (!snapshot_task_is_in(snapshot, task, mnt_ns))
			continue;
		tried++;
		ret = open_roots(snapshot, mnt_ns, snapshot->tasks[task].pid, &candidate);
		if (ret < 0) {
			failure = ret == -ESRCH ? failure : ret;
			continue;
		}
		take_better(paths, &candidate);
		candidate = MOUNT_PATHS(snapshot, SNAPSHOT_NONE);
		if (paths->ups == 0 && sees_mounts(paths->dir_fd))
			return 0;
	}
	return paths->pid ? 0 : failure;
}

static int open_own_root(struct mount_paths *paths)
{
	paths->root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	paths->top_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	paths->dir_fd = open("/proc/self", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return paths->top_fd < 0 ? -ENOENT : 0;
}

/* Returns 0 or a negative errno. */
static int open_mnt_ns(struct mount_paths *paths, uint32_t mnt_ns)
{
	if (mnt_ns == SNAPSHOT_NONE)
		return -ESRCH;
	if (paths->mnt_ns == mnt_ns)
		return paths->failure;
	mount_paths_close(paths);
	if (mnt_ns == paths->own_mnt)
		paths->failure = open_own_root(paths);
	else
		paths->failure = choose_process(paths, mnt_ns);
	paths->mnt_ns = mnt_ns;
	return paths->failure;
}

static enum mount_access access_of(int ret)
{
	switch (ret) {
	case -ESRCH:
		return MOUNT_NO_PROCESS;
	case -EACCES:
	case -EPERM:
		return MOUNT_DENIED;
	case -EAGAIN:
		return MOUNT_UNANSWERED;
	case -ENAMETOOLONG:
		return MOUNT_TOO_LONG;
	default:
		return MOUNT_HIDDEN;
	}
}

static enum mount_access look_up(const struct mount_paths *paths, int root_fd, const char *point,
				 uint64_t mount_id)
{
	const char *relative = point + strspn(point, "/");
	AUTO_CLOSE int fd = open_cached(root_fd, *relative ? relative : ".", RESOLVE_NO_SYMLINKS);
	uint64_t found;

	if (fd == -EAGAIN && paths->mnt_ns == paths->own_mnt)
		fd = open_uncached(root_fd, *relative ? relative : ".", RESOLVE_NO_SYMLINKS);
	if (fd < 0)
		return access_of(fd);
	return read_mount_id(fd, &found) == 0 && found == mount_id ? MOUNT_REACHED : MOUNT_HIDDEN;
}

void mount_path_find(struct mount_paths *paths, uint32_t mnt_ns, uint64_t mount_id, const char *point,
		     struct mount_path *path)
{
	int ret = open_mnt_ns(paths, mnt_ns);

	*path = (struct mount_path){.pid = paths->pid};
	if (ret < 0) {
		path->access = access_of(ret);
		return;
	}
	path->access = look_up(paths, paths->top_fd, point, mount_id);
	path->is_from_root = path->access == MOUNT_REACHED;
	if (path->is_from_root) {
		path->ups = paths->ups;
		return;
	}
	/* Where the kernel does not list mounts, a process does: below its own root. */
	if (paths->ups > 0 && look_up(paths, paths->root_fd, point, mount_id) == MOUNT_REACHED)
		path->access = MOUNT_REACHED;
}

void mount_path_prefix(const struct mount_path *path, char prefix[MOUNT_PREFIX_SIZE])
{
	size_t used = 0;

	prefix[0] = '\0';
	if (path->pid != 0)
		used = (size_t)snprintf(prefix, MOUNT_PREFIX_SIZE, "/proc/%d/root", path->pid);
	for (unsigned int i = 0; i < path->ups && used + sizeof("/..") <= MOUNT_PREFIX_SIZE; i++)
		used += (size_t)snprintf(prefix + used, MOUNT_PREFIX_SIZE - used, "/..");
}

struct looked_for {
	uint64_t mount_id;
	bool is_procfs;
};

static int look_at_line(const struct mountinfo_line *line, void *context)
{
	struct looked_for *looked_for = context;

	if (line->id != looked_for->mount_id)
		return 0;
	looked_for->is_procfs = strcmp(line->fstype, "proc") == 0;
	return 1;
}

bool mount_paths_show_caller(const struct mount_paths *paths)
{
	AUTO_CLOSE int proc_fd = open_cached(paths->top_fd, "proc", RESOLVE_NO_SYMLINKS);
	AUTO_CLOSE int own_fd = -1;
	struct looked_for looked_for = {0};

	if (proc_fd < 0 || read_mount_id(proc_fd, &looked_for.mount_id) < 0 ||
	    mountinfo_read(paths->dir_fd, "mountinfo", look_at_line, &looked_for) < 0 ||
	    !looked_for.is_procfs)
		return false;
	/* procfs answers at once; what else may be mounted below it does not have to. */
	own_fd = open_uncached(proc_fd, "self/mountinfo", RESOLVE_NO_XDEV);
	return own_fd >= 0;
}
