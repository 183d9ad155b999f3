/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "proc/cgroup_tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/text.h"
#include "proc/mountinfo.h"

/* Each level takes a descriptor.  Without an end, a hostile tree would decide how many. */
#define DEPTH_MAX 512

/* The hierarchies that count are mounted at a few places. */
#define MOUNTS_MAX 8

struct tree_mounts {
	char *points[MOUNTS_MAX];
	size_t count;
};

static bool is_named_systemd(const char *options)
{
	const char *name = strstr(options, "name=systemd");

	return name && (name == options || name[-1] == ',') && strchr(",", name[strlen("name=systemd")]);
}

static int note_mount(const struct mountinfo_line *line, void *context)
{
	struct tree_mounts *mounts = context;
	bool is_wanted = strcmp(line->fstype, "cgroup2") == 0 ||
			 (strcmp(line->fstype, "cgroup") == 0 && is_named_systemd(line->options));

	if (!is_wanted || strcmp(line->root, "/") != 0 || mounts->count == MOUNTS_MAX)
		return 0;
	mounts->points[mounts->count] = strdup(line->point);
	return mounts->points[mounts->count++] ? 0 : -ENOMEM;
}

/* A cgroup on the way down from where the walk began. */
struct level {
	DIR *entries;
	size_t length; /* of its path */
};

struct walk {
	cgroup_look_fn *look;
	void *context;
	char path[PATH_MAX];
	struct level levels[DEPTH_MAX];
	size_t depth;
};

/* The path is that of the directory.  One that cannot be read was removed meanwhile. */
static void descend(struct walk *walk, int dir_fd)
{
	struct level *level = &walk->levels[walk->depth];

	if (walk->depth == DEPTH_MAX || file_open_entries(dir_fd, &level->entries) < 0)
		return;
	level->length = strlen(walk->path);
	walk->depth++;
}

static void ascend(struct walk *walk)
{
	closedir(walk->levels[--walk->depth].entries);
}

/* Looks at one cgroup, and goes below it unless that says otherwise. */
static int look_below(struct walk *walk, const struct level *level, const char *name)
{
	AUTO_CLOSE int fd =
	    openat(dirfd(level->entries), name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	size_t room = sizeof(walk->path) - level->length;
	int ret;

	if (fd < 0 || (size_t)snprintf(walk->path + level->length, room, "/%s", name) >= room)
		return 0; /* it was removed meanwhile */
	ret = walk->look(fd, name, walk->path, walk->context);
	if (ret == 0)
		descend(walk, fd);
	return ret == CGROUP_SKIP ? 0 : ret;
}

static int walk_below(struct walk *walk, int dir_fd)
{
	int ret = 0;

	descend(walk, dir_fd);
	while (walk->depth > 0) {
		const struct level *level = &walk->levels[walk->depth - 1];
		const struct dirent *entry = ret == 0 ? readdir(level->entries) : NULL;

		if (!entry)
			ascend(walk);
		else if (entry->d_type == DT_DIR && strcmp(entry->d_name, ".") != 0 &&
			 strcmp(entry->d_name, "..") != 0)
			ret = look_below(walk, level, entry->d_name);
	}
	return ret;
}

/* A hierarchy can be mounted several times; devices: of those that were walked. */
static bool is_walked(int fd, const dev_t *devices, size_t count, dev_t *device)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return true;
	*device = st.st_dev;
	for (size_t i = 0; i < count; i++) {
		if (devices[i] == st.st_dev)
			return true;
	}
	return false;
}

int cgroup_tree_walk(cgroup_look_fn *look, void *context)
{
	struct tree_mounts mounts = {.count = 0};
	dev_t devices[MOUNTS_MAX];
	size_t count = 0;
	int ret = mountinfo_read(AT_FDCWD, "/proc/self/mountinfo", note_mount, &mounts);

	for (size_t i = 0; i < mounts.count; i++) {
		AUTO_CLOSE int fd = open(mounts.points[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		struct walk walk = {.look = look, .context = context};

		if (ret == 0 && fd >= 0 && !is_walked(fd, devices, count, &devices[count])) {
			count++;
			ret = walk_below(&walk, fd);
		}
		free(mounts.points[i]);
	}
	return ret;
}

struct process_walk {
	cgroup_process_fn *look;
	void *context;
};

/* Calls look for the processes of one cgroup. */
static int read_processes(int dir_fd, const struct process_walk *walk)
{
	AUTO_CLOSE int fd = openat(dir_fd, "cgroup.procs", O_RDONLY | O_CLOEXEC);
	AUTO_FREE char *text = NULL;
	char *rest = NULL;
	int ret = 0;

	if (fd < 0 || file_load_fd(fd, INT_MAX, &text) < 0)
		return 0; /* the cgroup is gone, or threaded: its processes are in the one above */
	for (char *line = strtok_r(text, "\n", &rest); line && ret == 0; line = strtok_r(NULL, "\n", &rest)) {
		uint64_t pid;

		/* 0: outside of the caller's pid namespace. */
		if (text_parse_number(line, INT_MAX, &pid) && pid > 0)
			ret = walk->look((pid_t)pid, walk->context);
	}
	return ret;
}

static int look_for_processes(int dir_fd, const char *name, const char *path, void *context)
{
	(void)name;
	(void)path;
	return read_processes(dir_fd, context);
}

int cgroup_tree_processes(int dir_fd, cgroup_process_fn *look, void *context)
{
	struct process_walk processes = {.look = look, .context = context};
	struct walk walk = {.look = look_for_processes, .context = &processes};
	int ret = read_processes(dir_fd, &processes);

	return ret == 0 ? walk_below(&walk, dir_fd) : ret;
}
