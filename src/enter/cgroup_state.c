/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a cgroup, or one above it, is frozen or full. */
#include "enter/cgroups.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"

/* A missing file reads as empty: only some hierarchies have it, and not in their root. */
static int read_file(int dir_fd, const char *name, char *text, size_t size)
{
	ssize_t length = file_read_at(dir_fd, name, text, size);

	if (length >= 0)
		return 0;
	text[0] = '\0';
	return length == -ENOENT ? 0 : (int)length;
}

/* Checks one cgroup.  0: climb_cgroups() continues with the one above it; anything else ends it. */
typedef int look_fn(int dir_fd, size_t above, void *context);

static int climb_cgroups(const struct cgroup *cgroup, look_fn *look, void *context)
{
	AUTO_CLOSE int dir = openat(cgroup->dir_fd, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int ret = dir < 0 ? -errno : look(dir, 0, context);

	for (size_t above = 1; ret == 0 && above <= cgroup->depth; above++) {
		int parent = openat(dir, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);

		if (parent < 0)
			return -errno;
		cleanup_close(&dir);
		dir = parent;
		ret = look(dir, above, context);
	}
	return ret;
}

/* Returns 1 where the cgroup is frozen. */
static int look_for_freeze(int dir_fd, size_t above, void *context)
{
	char text[256];
	int ret = read_file(dir_fd, "cgroup.freeze", text, sizeof(text));

	(void)context;
	if (ret < 0 || text[0] == '1')
		return ret < 0 ? ret : 1;
	if (above > 0)
		return 0;
	ret = read_file(dir_fd, "cgroup.events", text, sizeof(text));
	if (ret < 0 || strstr(text, "frozen 1"))
		return ret < 0 ? ret : 1;
	/* With cgroup v1 this includes the cgroups above, also those outside the mount. */
	ret = read_file(dir_fd, "freezer.state", text, sizeof(text));
	return ret < 0 ? ret : text[0] != '\0' && strncmp(text, "THAWED", 6) != 0;
}

int cgroup_check_thawed(const struct cgroup *cgroup, pid_t pid, struct error *err)
{
	int ret = climb_cgroups(cgroup, look_for_freeze, NULL);

	if (ret == 0)
		return 0;
	if (ret < 0)
		return error_set_errno(err, -ret,
				       "cannot read the state of the cgroup '%.400s' of process %d",
				       cgroup->path, pid);
	error_set(err, EBUSY, "cannot join the cgroup '%.400s' of process %d: its cgroup is frozen",
		  cgroup->path, pid);
	return error_hint(err, "thaw it first (unpause the container), or enter without --join-cgroup");
}

/* Returns 1 where the cgroup is full, and stores in *context how far above it is. */
static int look_for_full(int dir_fd, size_t above, void *context)
{
	char text[32];
	uint64_t most;
	uint64_t current;

	/* "max": there is no limit. */
	if (read_file(dir_fd, "pids.max", text, sizeof(text)) < 0 || sscanf(text, "%" SCNu64, &most) != 1)
		return 0;
	if (read_file(dir_fd, "pids.current", text, sizeof(text)) < 0 ||
	    sscanf(text, "%" SCNu64, &current) != 1 || current < most)
		return 0;
	*(size_t *)context = above;
	return 1;
}

bool cgroups_find_full(const struct cgroups *cgroups, char *path, size_t size)
{
	for (size_t i = 0; i < cgroups->count; i++) {
		size_t above = 0;

		if (climb_cgroups(&cgroups->items[i], look_for_full, &above) != 1)
			continue;
		snprintf(path, size, "%s", cgroups->items[i].path);
		while (above-- > 0 && strrchr(path, '/'))
			*strrchr(path, '/') = '\0';
		return true;
	}
	return false;
}
