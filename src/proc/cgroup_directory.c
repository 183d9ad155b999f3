/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "proc/cgroup_directory.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "proc/cgroup.h"
#include "proc/mountinfo.h"

bool cgroup_has_controllers(const char *controllers, const char *words)
{
	while (*words) {
		size_t length = strcspn(words, ",");
		const char *at = controllers;

		while (*at && !(strcspn(at, ",") == length && memcmp(at, words, length) == 0)) {
			at += strcspn(at, ",");
			at += *at == ',';
		}
		if (*at == '\0')
			return false;
		words += length;
		words += *words == ',';
	}
	return true;
}

static bool is_mount_of(const struct mountinfo_line *mount, const char *controllers)
{
	if (controllers[0] == '\0')
		return strcmp(mount->fstype, "cgroup2") == 0;
	return strcmp(mount->fstype, "cgroup") == 0 && cgroup_has_controllers(mount->options, controllers);
}

static size_t count_components(const char *path)
{
	size_t count = *path != '\0';

	for (; *path; path++)
		count += *path == '/';
	return count;
}

/* Another mount may hide all or a part of the wanted one. */
static bool is_on_mount(int fd, uint64_t mount_id)
{
	struct statfs fs;
	uint64_t id;

	return mountinfo_read_id(fd, &id) == 0 && id == mount_id && fstatfs(fd, &fs) == 0 &&
	       ((unsigned long)fs.f_type == CGROUP_SUPER_MAGIC ||
		(unsigned long)fs.f_type == CGROUP2_SUPER_MAGIC);
}

int cgroup_open_on_mount(int dir_fd, const char *below, int flags, uint64_t mount_id)
{
	AUTO_CLOSE int fd = openat(dir_fd, *below ? below : ".", flags | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	return is_on_mount(fd, mount_id) ? take_fd(&fd) : -EXDEV;
}

static int open_hierarchy(const struct mountinfo_line *mount, const char *below,
			  struct cgroup_hierarchy *hierarchy)
{
	int flags = O_PATH | O_DIRECTORY;
	AUTO_CLOSE int top = cgroup_open_on_mount(AT_FDCWD, mount->point, flags, mount->id);
	int dir = top < 0 ? top : cgroup_open_on_mount(top, below, flags, mount->id);

	if (dir < 0)
		return dir;
	hierarchy->dir_fd = dir;
	hierarchy->mount_id = mount->id;
	hierarchy->depth = count_components(below);
	return 0;
}

struct search {
	struct cgroup_hierarchies *hierarchies;
	cgroup_accept_fn *accept;
	void *context;
};

static void try_mount(const struct search *search, const struct mountinfo_line *mount,
		      struct cgroup_hierarchy *hierarchy)
{
	const char *below = cgroup_path_below(mount->root, hierarchy->path);
	int ret;

	hierarchy->is_mounted = true;
	if (!below)
		return;
	ret = open_hierarchy(mount, below + (*below == '/'), hierarchy);
	if (ret == 0 && search->accept)
		ret = search->accept(hierarchy, search->context);
	hierarchy->reason = -ret;
	hierarchy->is_open = ret == 0;
	if (ret == 0)
		return;
	cleanup_close(&hierarchy->dir_fd);
	hierarchy->dir_fd = -1;
}

static int search_mount(const struct mountinfo_line *mount, void *context)
{
	const struct search *search = context;

	if (strncmp(mount->fstype, "cgroup", strlen("cgroup")) != 0)
		return 0;
	for (size_t i = 0; i < search->hierarchies->count; i++) {
		struct cgroup_hierarchy *hierarchy = &search->hierarchies->items[i];

		if (!hierarchy->is_open && is_mount_of(mount, hierarchy->controllers))
			try_mount(search, mount, hierarchy);
	}
	return 0;
}

int cgroup_hierarchies_open(struct cgroup_hierarchies *hierarchies, cgroup_accept_fn *accept, void *context)
{
	struct search search = {.hierarchies = hierarchies, .accept = accept, .context = context};

	return mountinfo_read(AT_FDCWD, "/proc/self/mountinfo", search_mount, &search);
}

void cgroup_hierarchies_close(struct cgroup_hierarchies *hierarchies)
{
	for (size_t i = 0; i < hierarchies->count; i++)
		cleanup_close(&hierarchies->items[i].dir_fd);
	hierarchies->count = 0;
}

/* Whether text has this line. */
static bool has_line(const char *text, const char *line)
{
	size_t length = strlen(line);

	for (const char *at = text; (at = strstr(at, line)); at++) {
		if ((at == text || at[-1] == '\n') && (at[length] == '\n' || at[length] == '\0'))
			return true;
	}
	return false;
}

/* Lines are "ID:CONTROLLERS:PATH"; the path may have colons. */
int cgroup_hierarchies_parse(char *text, const char *except, struct cgroup_hierarchies *hierarchies)
{
	char *line;

	while ((line = strsep(&text, "\n"))) {
		const char *controllers;

		if (!line[0] || has_line(except, line))
			continue;
		strsep(&line, ":");
		controllers = strsep(&line, ":");
		if (!line || hierarchies->count == CGROUPS_MAX)
			return -EPROTO;
		hierarchies->items[hierarchies->count++] =
		    (struct cgroup_hierarchy){.controllers = controllers, .path = line, .dir_fd = -1};
	}
	return 0;
}

int cgroup_climb(int dir_fd, size_t depth, cgroup_climb_fn *look, void *context)
{
	AUTO_CLOSE int dir = openat(dir_fd, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int ret = dir < 0 ? -errno : look(dir, 0, context);

	for (size_t above = 1; ret == 0 && above <= depth; above++) {
		int parent = openat(dir, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);

		if (parent < 0)
			return -errno;
		cleanup_close(&dir);
		dir = parent;
		ret = look(dir, above, context);
	}
	return ret;
}

bool cgroup_belongs_to(int dir_fd, uid_t user)
{
	struct stat st;

	return fstat(dir_fd, &st) == 0 && (st.st_uid == 0 || st.st_uid == user);
}

struct made_by {
	size_t levels;
	uid_t user;
};

/* Returns 1 where it belongs to somebody else. */
static int look_for_owner(int dir_fd, size_t above, void *context)
{
	const struct made_by *made_by = context;

	return above > made_by->levels && !cgroup_belongs_to(dir_fd, made_by->user);
}

bool cgroup_is_made_by(int dir_fd, size_t depth, size_t levels, uid_t user)
{
	struct made_by made_by = {.levels = levels, .user = user};

	return cgroup_climb(dir_fd, depth, look_for_owner, &made_by) == 0;
}

/* A missing file is empty: only some hierarchies have it, and not in their root. */
static int read_file(int dir_fd, const char *name, char *text, size_t size)
{
	ssize_t length = file_read_at(dir_fd, name, text, size);

	if (length >= 0)
		return 0;
	text[0] = '\0';
	return length == -ENOENT ? 0 : (int)length;
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

int cgroup_is_frozen(int dir_fd, size_t depth)
{
	return cgroup_climb(dir_fd, depth, look_for_freeze, NULL);
}
