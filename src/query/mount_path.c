/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "query/mount_path.h"

#include <errno.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bounded.h"
#include "base/cleanup.h"
#include "proc/mountinfo.h"
#include "query/mount_root.h"

/* Another helper is worth its start for this many mounts. */
#define MOUNTS_PER_HELPER 256

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

static enum mount_access look_up(const struct finder *finder, int root_fd, const char *point,
				 uint64_t mount_id)
{
	const char *relative = point + strspn(point, "/");
	AUTO_CLOSE int fd = finder_open_cached(root_fd, *relative ? relative : ".", RESOLVE_NO_SYMLINKS);
	uint64_t found;

	if (fd == -EAGAIN && finder->mnt_ns == finder->own_mnt)
		fd = finder_open_uncached(root_fd, *relative ? relative : ".", RESOLVE_NO_SYMLINKS);
	if (fd < 0)
		return access_of(fd);
	return mountinfo_read_id(fd, &found) == 0 && found == mount_id ? MOUNT_REACHED : MOUNT_HIDDEN;
}

static void find_mount_path(struct finder *finder, const struct mount_query *query, struct mount_path *path)
{
	int ret = finder_open(finder, query->mnt_ns);

	*path = (struct mount_path){.pid = finder->pid, .shows_caller = finder->shows_caller};
	if (ret < 0) {
		*path = (struct mount_path){.access = access_of(ret)};
		return;
	}
	path->access = look_up(finder, finder->top_fd, query->point, query->mount_id);
	path->is_from_root = path->access == MOUNT_REACHED;
	if (path->is_from_root) {
		path->ups = finder->ups;
		return;
	}
	/* If the kernel does not list mounts, mountinfo of a process does: below its own root. */
	if (finder->ups > 0 &&
	    look_up(finder, finder->root_fd, query->point, query->mount_id) == MOUNT_REACHED)
		path->access = MOUNT_REACHED;
}

struct finding {
	struct finder finder; /* each helper has a copy of its own */
	const struct mount_query *queries;
	const uint32_t *order; /* by mnt namespace */
};

static int find_in_helper(size_t item, struct bounded_reply *reply, void *context)
{
	struct finding *finding = context;
	struct mount_path path;

	find_mount_path(&finding->finder, &finding->queries[finding->order[item]], &path);
	return bounded_store(reply, &path, sizeof(path)) ? 0 : -ENOMEM;
}

static int compare_by_mnt_ns(const void *left, const void *right, void *context)
{
	const struct mount_query *queries = context;
	uint32_t a = queries[*(const uint32_t *)left].mnt_ns;
	uint32_t b = queries[*(const uint32_t *)right].mnt_ns;

	return a < b ? -1 : a > b;
}

int mount_paths_find(const struct snapshot *snapshot, uint32_t own_mnt, const struct mount_query *queries,
		     size_t count, struct mount_path *paths)
{
	AUTO_FREE uint32_t *order = calloc(count + 1, sizeof(*order));
	AUTO_BOUNDED struct bounded answers = {0};
	struct finding finding = {.finder = FINDER(snapshot, own_mnt), .queries = queries, .order = order};
	const struct bounded_job job = {
	    .count = count,
	    .limit = sizeof(struct mount_path),
	    .items_per_helper = MOUNTS_PER_HELPER,
	    .work = find_in_helper,
	    .context = &finding,
	};

	if (!order)
		return -ENOMEM;
	if (count == 0)
		return 0;
	for (uint32_t i = 0; i < count; i++)
		order[i] = i;
	qsort_r(order, count, sizeof(*order), compare_by_mnt_ns, (void *)queries);
	/* Without a helper nothing is answered. */
	bounded_run(&job, unanswered_patience(snapshot->unanswered), &answers);
	for (size_t i = 0; i < count; i++) {
		size_t size;
		const struct mount_path *path = bounded_data(&answers, i, &size);

		paths[order[i]] = path ? *path : (struct mount_path){.access = MOUNT_UNANSWERED};
	}
	return 0;
}

struct mount_path *mount_paths_of_holders(const struct snapshot *snapshot, uint32_t own_mnt)
{
	AUTO_FREE struct mount_query *queries = calloc(snapshot->holder_count + 1, sizeof(*queries));
	AUTO_FREE struct mount_path *found = calloc(snapshot->holder_count + 1, sizeof(*found));
	struct mount_path *paths = calloc(snapshot->holder_count + 1, sizeof(*paths));
	size_t count = 0;

	for (size_t i = 0; queries && i < snapshot->holder_count; i++) {
		const struct snapshot_holder *holder = &snapshot->holders[i];

		if (holder->kind == HOLDER_MOUNT)
			queries[count++] = (struct mount_query){holder->mnt_ns, holder->mount_id,
								snapshot_mount_point(snapshot, holder)};
	}
	if (!queries || !found || !paths || mount_paths_find(snapshot, own_mnt, queries, count, found) < 0) {
		free(paths);
		return NULL;
	}
	count = 0;
	for (size_t i = 0; i < snapshot->holder_count; i++) {
		if (snapshot->holders[i].kind == HOLDER_MOUNT)
			paths[i] = found[count++];
	}
	return paths;
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
