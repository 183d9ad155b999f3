/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "container/state_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/text.h"
#include "container/runtime.h"
#include "container/users.h"
#include "proc/mountinfo.h"

/* A directory that was opened, or why it could not be. */
struct state_directory {
	char *path;
	uid_t user;
	int fd; /* or a negative errno */
};

/*
 * Whether only root and the user could have changed or replaced it.  A user may let a
 * group write to a directory of the user's own.
 */
static bool is_believed(const struct statx *st, uid_t user)
{
	if (st->stx_uid != 0 && st->stx_uid != user)
		return false;
	if (S_ISDIR(st->stx_mode) && st->stx_mode & S_ISVTX && st->stx_uid == 0)
		return true; /* /tmp: only the owner of an entry can replace it */
	if (st->stx_mode & S_IWOTH)
		return false;
	/* With an ACL the bits of the group are its mask, whatever group it is. */
	return !(st->stx_mode & S_IWGRP) || st->stx_uid != 0;
}

struct mount_search {
	uint64_t id;
	bool is_served; /* by a process or a machine that may not answer */
};

static int look_at_mount(const struct mountinfo_line *line, void *context)
{
	static const char *const served[] = {"fuse", "nfs", "cifs", "smb", "9p", "ceph", "autofs"};
	struct mount_search *search = context;

	if (line->id != search->id)
		return 0;
	for (size_t i = 0; i < sizeof(served) / sizeof(served[0]); i++)
		search->is_served |= strncmp(line->fstype, served[i], strlen(served[i])) == 0;
	return 1;
}

/* Whether the file system answers, as far as can be known without asking it. */
static int check_mount(uint64_t id)
{
	struct mount_search search = {.id = id};
	int ret = mountinfo_read(AT_FDCWD, "/proc/self/mountinfo", look_at_mount, &search);

	if (ret < 0)
		return ret;
	return search.is_served ? -EPERM : 0;
}

/*
 * A user can mount FUSE over a directory of his own, but not over root's.  Nothing is asked
 * of a file system before its type is known: the attributes of a descriptor are those
 * that the kernel has (AT_STATX_DONT_SYNC); stx_mnt_id is available since Linux 5.8.
 */
static int check_directory(int fd, uid_t user, uint64_t *mount)
{
	struct statx st;
	int ret = 0;

	if (statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT,
		  STATX_UID | STATX_GID | STATX_MODE | STATX_MNT_ID, &st) < 0)
		return -errno;
	if (user != 0 && st.stx_mnt_id != *mount)
		ret = check_mount(st.stx_mnt_id);
	*mount = st.stx_mnt_id;
	if (ret < 0)
		return ret;
	return is_believed(&st, user) ? 0 : -EPERM;
}

/* Opens the directory of that name below *fd in its place; fd is the caller's. */
static int descend(int *fd, const char *name, uid_t user, uint64_t *mount)
{
	int next = openat(*fd, name, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (next < 0)
		return -errno;
	close(*fd);
	*fd = next;
	return check_directory(next, user, mount);
}

/* Checks what is above the end of a symbolic link. */
static int check_above(int fd, int root_fd, uid_t user, uint64_t *mount)
{
	AUTO_CLOSE int at = openat(fd, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct stat root;
	struct stat st;

	if (at < 0 || fstat(root_fd, &root) < 0 || fstat(at, &st) < 0)
		return -errno;
	while (st.st_ino != root.st_ino || st.st_dev != root.st_dev) {
		struct stat below = st;
		int ret = descend(&at, "..", user, mount);

		if (ret < 0)
			return ret;
		if (fstat(at, &st) < 0)
			return -errno;
		if (st.st_ino == below.st_ino && st.st_dev == below.st_dev)
			return 0; /* the root of the mnt namespace, above that of the tree */
	}
	return 0;
}

/*
 * Opens the directory that a symbolic link leads to.  On the way of another user's link,
 * a file system may not answer, or be mounted for it (autofs): it must not leave this one.
 */
static int open_linked(int above_fd, const char *name, uid_t user)
{
	AUTO_CLOSE int link_fd = openat(above_fd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	char target[PATH_MAX];
	struct stat st;
	ssize_t length;

	if (link_fd < 0 || fstat(link_fd, &st) < 0)
		return -errno;
	if (st.st_uid != 0 && st.st_uid != user)
		return -EPERM;
	length = readlinkat(link_fd, "", target, sizeof(target) - 1);
	if (length < 0)
		return -errno;
	target[length] = '\0';
	return file_open_resolved(above_fd, target, O_PATH | O_DIRECTORY,
				  st.st_uid == 0 || st.st_uid == geteuid() ? 0 : RESOLVE_NO_XDEV);
}

/* Opens and checks the last component of a path; what is above it was checked. */
static int open_last(const struct containers *containers, int above_fd, const char *name, uid_t user)
{
	AUTO_CLOSE int fd = openat(above_fd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	bool is_link = fd < 0 && errno == ENOTDIR;
	uint64_t mount = 0;
	int ret = fd < 0 ? -errno : 0;

	if (is_link)
		ret = fd = open_linked(above_fd, name, user);
	if (ret < 0)
		return ret;
	ret = check_directory(fd, user, &mount);
	if (ret == 0 && is_link)
		ret = check_above(fd, containers->root_fd, user, &mount);
	return ret < 0 ? ret : take_fd(&fd);
}

static const struct state_directory *find_opened(const struct containers *containers, const char *path,
						 size_t length, uid_t user)
{
	for (size_t i = 0; i < containers->directory_count; i++) {
		const struct state_directory *known = &containers->directories[i];

		if (known->user == user && text_is_word(path, length, known->path))
			return known;
	}
	return NULL;
}

/* Keeps what was opened, or why it could not be.  Takes path, and returns fd or -ENOMEM. */
static int keep_opened(struct containers *containers, char *path, uid_t user, int fd)
{
	struct state_directory *directories =
	    array_reserve(containers->directories, &containers->directory_capacity,
			  containers->directory_count, sizeof(*directories));

	if (!directories) {
		cleanup_close(&fd);
		free(path);
		return -ENOMEM;
	}
	containers->directories = directories;
	directories[containers->directory_count++] =
	    (struct state_directory){.path = path, .user = user, .fd = fd};
	return fd;
}

/* Opens the path up to its component from start to end, which is below above_fd. */
static int open_component(struct containers *containers, int above_fd, const char *path, size_t start,
			  size_t end, uid_t user)
{
	const struct state_directory *known = find_opened(containers, path, end, user);
	char *part;

	if (known)
		return known->fd;
	part = strndup(path, end);
	if (!part)
		return -ENOMEM;
	return keep_opened(containers, part, user,
			   open_last(containers, above_fd, start < end ? part + start : ".", user));
}

/* The directories above are kept open, too: those of most runtimes are in few. */
int state_directory_open(struct containers *containers, const char *path, uid_t user)
{
	size_t length = strlen(path);
	const struct state_directory *known = find_opened(containers, path, length, user);
	int fd = containers->root_fd;

	if (known)
		return known->fd;
	if (path[0] != '/')
		return -EINVAL;
	/* The path of a bundle is a user's text: each of its components may be kept open. */
	if (length >= PATH_MAX)
		return -ENAMETOOLONG;
	for (size_t end = 0; end < length && fd >= 0;) {
		size_t start = end + strspn(path + end, "/");

		end = start + strcspn(path + start, "/");
		fd = open_component(containers, fd, path, start, end, user);
	}
	return fd;
}

void state_directories_close(struct containers *containers)
{
	for (size_t i = 0; i < containers->directory_count; i++) {
		free(containers->directories[i].path);
		cleanup_close(&containers->directories[i].fd);
	}
	free(containers->directories);
}

static int open_below(int directory_fd, const char *path, uint64_t flags)
{
	return file_open_resolved(directory_fd, path, flags | O_NOFOLLOW,
				  RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS |
				      RESOLVE_NO_XDEV);
}

/* Checks what is there, or fd itself for "": of the kind wanted, and nobody else's. */
static int check_at(int fd, const char *path, mode_t kind, uid_t user)
{
	struct statx st;

	if (statx(fd, path, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC,
		  STATX_TYPE | STATX_UID | STATX_GID | STATX_MODE, &st) < 0)
		return -errno;
	return (st.stx_mode & S_IFMT) == kind && is_believed(&st, user) ? 0 : -EPERM;
}

/*
 * Checks the directories between, from above: nobody else can replace one below
 * a directory that has been checked.
 */
static int check_between(int directory_fd, const char *path, uid_t user)
{
	int ret = 0;

	for (const char *slash = strchr(path, '/'); slash && ret == 0; slash = strchr(slash + 1, '/')) {
		char above[PATH_MAX];

		if ((size_t)snprintf(above, sizeof(above), "%.*s", (int)(slash - path), path) >=
		    sizeof(above))
			return -ENAMETOOLONG;
		ret = check_at(directory_fd, above, S_IFDIR, user);
	}
	return ret;
}

int state_file_open(struct containers *containers, const char *directory, uid_t user, const char *path)
{
	int directory_fd = state_directory_open(containers, directory, user);
	AUTO_CLOSE int fd = directory_fd < 0
				? directory_fd
				: open_below(directory_fd, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	int ret = fd < 0 ? fd : check_at(fd, "", S_IFREG, user);

	if (ret == 0)
		ret = check_between(directory_fd, path, user);
	return ret < 0 ? ret : take_fd(&fd);
}

ssize_t state_file_load(struct containers *containers, const char *directory, uid_t user, const char *path,
			char **text)
{
	AUTO_CLOSE int fd = state_file_open(containers, directory, user, path);
	struct stat st;

	*text = NULL;
	if (fd < 0 || fstat(fd, &st) < 0)
		return fd < 0 ? fd : -errno;
	if (!users_take_bytes(containers, user, (uint64_t)st.st_size))
		return -EFBIG;
	return file_load_fd(
	    fd, (uint64_t)st.st_size < STATE_FILE_LIMIT ? (size_t)st.st_size : STATE_FILE_LIMIT, text);
}

ssize_t state_file_read(struct containers *containers, const char *directory, uid_t user, const char *path,
			char *text, size_t size)
{
	AUTO_CLOSE int fd = state_file_open(containers, directory, user, path);
	ssize_t length = fd < 0 ? fd : read(fd, text, size - 1);

	if (length < 0)
		return fd < 0 ? fd : -errno;
	text[length] = '\0';
	return length;
}

/* Opens a directory of entries: that of state files itself, or one below it. */
static int open_listed(int directory_fd, const char *path, uid_t user)
{
	AUTO_CLOSE int fd = open_below(directory_fd, path ? path : ".", O_RDONLY | O_DIRECTORY);
	int ret = fd < 0 ? fd : check_at(fd, "", S_IFDIR, user);

	if (ret == 0 && path)
		ret = check_between(directory_fd, path, user);
	return ret < 0 ? ret : take_fd(&fd);
}

int state_directory_each(struct containers *containers, const char *directory, uid_t user, const char *path,
			 state_entry_fn *look, void *context)
{
	int directory_fd = state_directory_open(containers, directory, user);
	AUTO_CLOSE int fd = directory_fd < 0 ? directory_fd : open_listed(directory_fd, path, user);
	AUTO_CLOSEDIR DIR *entries = NULL;
	const struct dirent *entry;
	int ret = 0;

	if (fd < 0 || file_open_entries(fd, &entries) < 0)
		return 0;
	while (ret == 0 && (entry = readdir(entries))) {
		if (container_is_id(entry->d_name))
			ret = look(entry->d_name, context);
	}
	return ret;
}
