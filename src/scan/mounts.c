/* Bind mounts of namespaces, in every mnt namespace, without entering one. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "ns/uapi.h"
#include "proc/mountinfo.h"
#include "proc/process.h"
#include "scan/sources.h"

#define IDS_A_CALL 256
/* A mount point may be deeper than any path that a call takes. */
#define STATMOUNT_SIZE (sizeof(struct nsctl_statmount) + 65536)

struct mounts {
	const struct scan_request *request;
	struct snapshot *snapshot;
	uint32_t mnt_ns; /* looked at now */
	bool lists_all;  /* the kernel lists all mounts of one */
	struct nsctl_statmount *answer;
};

/* root: "net:[4026532281]" */
static int add_mount(struct mounts *mounts, uint64_t mount_id, const char *root, const char *point)
{
	struct snapshot_holder mount = {.kind = HOLDER_MOUNT, .mnt_ns = mounts->mnt_ns, .mount_id = mount_id};
	enum ns_type type;
	ino_t ino;
	int ret;

	if (!process_parse_link(root, &type, &ino) || !(mounts->request->types & 1U << type))
		return 0;
	ret = snapshot_add_ns(mounts->snapshot, type, ino, &mount.ns);
	return ret < 0 ? ret : snapshot_add_mount(mounts->snapshot, &mount, point);
}

static int stat_mount(const struct mounts *mounts, uint64_t mount, uint64_t what)
{
	struct nsctl_mnt_id_req query = {
	    .size = sizeof(query),
	    .mnt_id = mount,
	    .param = what,
	    .mnt_ns_id = mounts->snapshot->namespaces[mounts->mnt_ns].id,
	};

	return syscall(NSCTL_SYS_STATMOUNT, &query, mounts->answer, STATMOUNT_SIZE, 0) < 0 ? -errno : 0;
}

/* Most are not of nsfs: that is asked first, as it takes no path. */
static int look_at_mount(struct mounts *mounts, uint64_t mount)
{
	const struct nsctl_statmount *answer = mounts->answer;
	const uint64_t paths = NSCTL_STATMOUNT_MNT_ROOT | NSCTL_STATMOUNT_MNT_POINT;

	if (stat_mount(mounts, mount, NSCTL_STATMOUNT_SB_BASIC) < 0 || answer->sb_magic != NSFS_MAGIC)
		return 0;
	if (stat_mount(mounts, mount, NSCTL_STATMOUNT_MNT_BASIC | paths) < 0 ||
	    (answer->mask & paths) != paths)
		return 0; /* unmounted meanwhile */
	return add_mount(mounts, answer->mnt_id_old, answer->text + answer->mnt_root,
			 answer->text + answer->mnt_point);
}

/* Returns 0; -ENOMEM; or -ENOSYS where the kernel cannot list them, or not for this user. */
static int list_mounts(struct mounts *mounts)
{
	uint64_t ids[IDS_A_CALL];
	struct nsctl_mnt_id_req query = {
	    .size = sizeof(query),
	    .mnt_id = NSCTL_LSMT_ROOT,
	    .mnt_ns_id = mounts->snapshot->namespaces[mounts->mnt_ns].id,
	};
	long count;

	if (query.mnt_ns_id == 0)
		return -ENOSYS;
	do {
		count = syscall(NSCTL_SYS_LISTMOUNT, &query, ids, IDS_A_CALL, 0);
		if (count < 0)
			return query.param == 0 ? -ENOSYS : 0;
		for (long i = 0; i < count; i++) {
			int ret = look_at_mount(mounts, ids[i]);

			if (ret < 0)
				return ret;
			query.param = ids[i];
		}
	} while (count == IDS_A_CALL);
	return 0;
}

static int look_at_line(const struct mountinfo_line *line, void *context)
{
	if (strcmp(line->fstype, "nsfs") != 0)
		return 0;
	return add_mount(context, line->id, line->root, line->point);
}

/* The mounts that a task sees below its root, if it still is in the mnt namespace. */
static int read_mountinfo_of(struct mounts *mounts, const struct snapshot_task *task)
{
	AUTO_CLOSE int ns_fd = -1;
	char path[64];
	ino_t ino;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/ns", task->tgid, task->pid);
	ns_fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (ns_fd < 0 || process_read_link_at(ns_fd, NS_LINK_MNT, &ino) < 0 ||
	    ino != mounts->snapshot->namespaces[mounts->mnt_ns].ino)
		return -ESRCH;
	return mountinfo_read(ns_fd, "../mountinfo", look_at_line, mounts);
}

/* Before Linux 6.11 there is no more than what a process in it sees; the first that is still there will do.
 */
static int read_mountinfo(struct mounts *mounts)
{
	const struct snapshot *snapshot = mounts->snapshot;
	uint32_t task = snapshot->namespaces[mounts->mnt_ns].first_task;
	int ret = -ESRCH;

	for (; ret < 0 && ret != -ENOMEM && task < snapshot->task_count; task++) {
		if (snapshot_task_is_in(snapshot, task, mounts->mnt_ns))
			ret = read_mountinfo_of(mounts, &snapshot->tasks[task]);
	}
	return ret == -ENOMEM ? ret : 0;
}

/*
 * Where the machine still runs from its initramfs, Linux before 7.0 lists only
 * what is below the first mount in the root of another mnt namespace.
 */
static bool lists_all(void)
{
	struct statfs fs;

	return statfs("/", &fs) < 0 || (fs.f_type != RAMFS_MAGIC && fs.f_type != TMPFS_MAGIC);
}

static int read_mounts(struct mounts *mounts)
{
	int ret = -ENOSYS;

	if (mounts->lists_all || mounts->snapshot->namespaces[mounts->mnt_ns].first_task == SNAPSHOT_NONE)
		ret = list_mounts(mounts);
	return ret < 0 && ret != -ENOMEM ? read_mountinfo(mounts) : ret;
}

/* The id of the mnt namespace, by which its mounts can be listed (Linux 6.11). */
static void read_id(struct mounts *mounts)
{
	struct snapshot_ns *mnt_ns = &mounts->snapshot->namespaces[mounts->mnt_ns];
	AUTO_NS struct ns ns = NS_CLOSED;

	if (mnt_ns->id == 0 && scan_open_ns(mounts->snapshot, mounts->mnt_ns, &ns) == 0)
		mnt_ns->id = ns_read_id(&ns);
}

int scan_mounts(const struct scan_request *request, struct snapshot *snapshot)
{
	AUTO_FREE struct nsctl_statmount *answer = malloc(STATMOUNT_SIZE);
	struct mounts mounts = {
	    .request = request, .snapshot = snapshot, .answer = answer, .lists_all = lists_all()};

	if (!answer)
		return -ENOMEM;
	/* A mount may hold a mnt namespace that has mounts: the array grows on the way. */
	for (uint32_t i = 0; i < snapshot->ns_count; i++) {
		int ret;

		if (snapshot->namespaces[i].type != NS_MNT)
			continue;
		mounts.mnt_ns = i;
		read_id(&mounts);
		ret = read_mounts(&mounts);
		if (ret < 0)
			return ret;
	}
	return 0;
}
