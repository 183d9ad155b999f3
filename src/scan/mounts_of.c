/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scan/mounts_of.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "ns/uapi.h"
#include "proc/mountinfo.h"
#include "proc/process.h"
#include "scan/open_ns.h"

#define IDS_A_CALL 256
/* A mount point may be longer than PATH_MAX. */
#define STATMOUNT_SIZE (sizeof(struct nsctl_statmount) + 65536)
/* Mount points of one mnt namespace beyond this have no text. */
#define TEXT_MAX ((size_t)32 << 20)

/* Returns 0 where the mount is to be added; -1 where it is not wanted, or only counted. */
static int choose_mount(struct mounts_reader *reader, const char *root, struct found_mount *mount)
{
	uint32_t first;

	if (!process_parse_link(root, &mount->type, &mount->ino) ||
	    !(reader->request->types & 1U << mount->type))
		return -1;
	first = map_find(&reader->first, (uint64_t)mount->type << 32 | (uint32_t)mount->ino);
	if (first == MAP_NONE || reader->found[first].kept < HOLDERS_OF_ONE)
		return 0;
	reader->found[first].more++;
	return -1;
}

static int add_text(struct mounts_reader *reader, const char *point, struct found_mount *mount)
{
	size_t length = reader->text_size < TEXT_MAX ? strnlen(point, PATH_MAX - 1) : 0;
	size_t capacity = 2 * (reader->text_size + length + 1);
	char *larger = reader->text;

	if (reader->text_size + length + 1 > reader->text_capacity) {
		larger = realloc(reader->text, capacity);
		if (!larger)
			return -ENOMEM;
		reader->text_capacity = capacity;
	}
	reader->text = larger;
	mount->point = (uint32_t)reader->text_size;
	mount->is_cut = mount->is_cut || point[length] != '\0';
	memcpy(larger + reader->text_size, point, length);
	larger[reader->text_size + length] = '\0';
	reader->text_size += length + 1;
	return 0;
}

/* mount: as choose_mount() filled it */
static int add_mount(struct mounts_reader *reader, struct found_mount *mount, const char *point)
{
	uint64_t key = (uint64_t)mount->type << 32 | (uint32_t)mount->ino;
	struct found_mount *larger =
	    array_reserve(reader->found, &reader->capacity, reader->count, sizeof(*larger));

	if (!larger)
		return -ENOMEM;
	reader->found = larger;
	if (add_text(reader, point, mount) < 0 || map_add(&reader->first, key, (uint32_t)reader->count) < 0)
		return -ENOMEM;
	larger[reader->count++] = *mount;
	larger[map_find(&reader->first, key)].kept++;
	return 0;
}

static int stat_mount(const struct mounts_reader *reader, uint64_t mount, uint64_t what)
{
	struct nsctl_mnt_id_req query = {
	    .size = sizeof(query),
	    .mnt_id = mount,
	    .param = what,
	    .mnt_ns_id = reader->id,
	};

	return syscall(NSCTL_SYS_STATMOUNT, &query, reader->answer, STATMOUNT_SIZE, 0) < 0 ? -errno : 0;
}

/* Most mounts are not of nsfs: this is checked first, without a path.  A mount point may be too long. */
static int emit_found_mount(struct mounts_reader *reader, uint64_t id)
{
	const struct nsctl_statmount *answer = reader->answer;
	struct found_mount mount = {0};
	int ret;

	if (stat_mount(reader, id, NSCTL_STATMOUNT_SB_BASIC) < 0 || answer->sb_magic != NSFS_MAGIC)
		return 0;
	if (stat_mount(reader, id, NSCTL_STATMOUNT_MNT_BASIC | NSCTL_STATMOUNT_MNT_ROOT) < 0 ||
	    !(answer->mask & NSCTL_STATMOUNT_MNT_ROOT) ||
	    choose_mount(reader, answer->text + answer->mnt_root, &mount) < 0)
		return 0; /* unmounted meanwhile, or not wanted */
	mount.mount_id = answer->mnt_id_old;
	ret = stat_mount(reader, id, NSCTL_STATMOUNT_MNT_POINT);
	mount.is_cut = ret == -EOVERFLOW;
	if (mount.is_cut)
		return add_mount(reader, &mount, "");
	if (ret < 0 || !(answer->mask & NSCTL_STATMOUNT_MNT_POINT))
		return 0;
	return add_mount(reader, &mount, answer->text + answer->mnt_point);
}

/* Returns 0; -ENOMEM; or -ENOSYS where this kernel, or this user, cannot list them. */
static int list_mounts(struct mounts_reader *reader)
{
	uint64_t ids[IDS_A_CALL];
	struct nsctl_mnt_id_req query = {
	    .size = sizeof(query),
	    .mnt_id = NSCTL_LSMT_ROOT,
	    .mnt_ns_id = reader->id,
	};
	long count;

	if (query.mnt_ns_id == 0)
		return -ENOSYS;
	do {
		count = syscall(NSCTL_SYS_LISTMOUNT, &query, ids, IDS_A_CALL, 0);
		if (count < 0)
			return query.param == 0 ? -ENOSYS : 0;
		for (long i = 0; i < count; i++) {
			int ret = emit_found_mount(reader, ids[i]);

			if (ret < 0)
				return ret;
			query.param = ids[i];
		}
	} while (count == IDS_A_CALL);
	return 0;
}

static int look_at_line(const struct mountinfo_line *line, void *context)
{
	struct found_mount mount = {.mount_id = line->id};

	if (strcmp(line->fstype, "nsfs") != 0 || choose_mount(context, line->root, &mount) < 0)
		return 0;
	return add_mount(context, &mount, line->point);
}

/* The mounts that a task sees below its root, if it still is in the mnt namespace. */
static int read_mountinfo_of(struct mounts_reader *reader, const struct snapshot_task *task)
{
	AUTO_CLOSE int ns_fd = -1;
	char path[64];
	ino_t ino;
	int ret;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/ns", task->tgid, task->pid);
	ns_fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (ns_fd < 0)
		return -ESRCH;
	ret = process_read_link_at(ns_fd, NS_LINK_MNT, &ino);
	if (ret == -EACCES || ret == -EPERM)
		return -EACCES;
	if (ret < 0 || ino != reader->snapshot->namespaces[reader->mnt_ns].ino)
		return -ESRCH;
	return mountinfo_read(ns_fd, "../mountinfo", look_at_line, reader);
}

/*
 * Before Linux 6.11 the mounts are read through a process that sees them; any
 * that still exists will do.  Returns -EACCES where this user may read none.
 */
static int read_mountinfo(struct mounts_reader *reader)
{
	const struct snapshot *snapshot = reader->snapshot;
	uint32_t task = snapshot->namespaces[reader->mnt_ns].first_task;
	int ret = -ESRCH;

	for (; ret < 0 && ret != -ENOMEM && task < snapshot->task_count; task++) {
		if (snapshot_task_is_in(snapshot, task, reader->mnt_ns))
			ret = read_mountinfo_of(reader, &snapshot->tasks[task]);
	}
	return ret == -ENOMEM || ret == -EACCES ? ret : 0;
}

/*
 * While the root is the initramfs, Linux before 7.0 lists for another mnt namespace
 * only the mounts below the first mount on its root.
 */
static bool lists_all(void)
{
	struct statfs fs;

	return statfs("/", &fs) < 0 || (fs.f_type != RAMFS_MAGIC && fs.f_type != TMPFS_MAGIC);
}

static int read_mounts(struct mounts_reader *reader)
{
	int ret = -ENOSYS;

	if (reader->lists_all || reader->snapshot->namespaces[reader->mnt_ns].first_task == SNAPSHOT_NONE)
		ret = list_mounts(reader);
	return ret < 0 && ret != -ENOMEM ? read_mountinfo(reader) : ret;
}

/* The id of the mnt namespace, by which its mounts can be listed (Linux 6.11). */
static uint64_t find_mnt_ns_id(const struct mounts_reader *reader)
{
	const struct snapshot_ns *mnt_ns = &reader->snapshot->namespaces[reader->mnt_ns];
	AUTO_NS struct ns ns = NS_CLOSED;

	if (mnt_ns->id != 0)
		return mnt_ns->id;
	return scan_open_ns_in_helper(reader->snapshot, NULL, reader->mnt_ns, &ns) == 0 ? ns_read_id(&ns) : 0;
}

int mounts_read(struct mounts_reader *reader, uint32_t mnt_ns)
{
	reader->mnt_ns = mnt_ns;
	reader->count = reader->text_size = 0;
	map_free(&reader->first);
	reader->id = find_mnt_ns_id(reader);
	return read_mounts(reader);
}

int mounts_reader_open(struct mounts_reader *reader, const struct scan_request *request,
		       const struct snapshot *snapshot)
{
	*reader = (struct mounts_reader){.request = request,
					 .snapshot = snapshot,
					 .lists_all = lists_all(),
					 .answer = malloc(STATMOUNT_SIZE)};
	return reader->answer ? 0 : -ENOMEM;
}

void mounts_reader_close(struct mounts_reader *reader)
{
	free(reader->answer);
	free(reader->found);
	free(reader->text);
	map_free(&reader->first);
}
