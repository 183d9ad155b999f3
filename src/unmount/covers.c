/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unmount/covers.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "ns/uapi.h"
#include "query/mount_root.h"
#include "unmount/tree.h"

/* Mounts at one point, most of them of the held namespace: more are left for another round. */
#define MOUNTS_MAX 1000

/* Between the two nothing else of the caller must end this helper: neither its terminal nor its end. */
static void defer_end(struct covers *covers)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	/* The end of the parent still ends this process here: the number is the parent's. */
	covers->parent = getppid();
	prctl(PR_SET_PDEATHSIG, 0);
}

static void allow_end(const struct covers *covers)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* The parent may have ended meanwhile. */
	if (getppid() != covers->parent)
		_exit(1);
}

/* Takes over both descriptors and the name. */
static int remember_cover(int clone_fd, int dir_fd, const char *name, struct covers *covers)
{
	struct cover cover = {.clone_fd = clone_fd, .dir_fd = dir_fd, .name = strdup(name)};

	if (cover.name && cover.dir_fd >= 0) {
		covers->covers[covers->count++] = cover;
		return 0;
	}
	close(clone_fd);
	if (dir_fd >= 0)
		close(dir_fd);
	free(cover.name);
	return cover.name ? -EMFILE : -ENOMEM;
}

static void drop_last(struct covers *covers)
{
	struct cover *cover = &covers->covers[--covers->count];

	close(cover->clone_fd);
	close(cover->dir_fd);
	free(cover->name);
	if (covers->count == 0)
		allow_end(covers);
}

/*
 * A directory is unmounted by its name: the descriptor would count as its use.
 * Takes over fd.
 */
static int remove_cover(const struct inside *inside, int fd, const struct cover *cover)
{
	AUTO_CLOSE int covering_fd = fd;
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISDIR(st.st_mode))
		return inside_unmount(inside, fd);
	close(take_fd(&covering_fd));
	return fchdir(cover->dir_fd) < 0 || umount2(cover->name, UMOUNT_NOFOLLOW) < 0 ? -errno : 0;
}

/* Takes over fd, the mount on top. */
static int save_cover(const struct inside *inside, int fd, int dir_fd, const char *name,
		      struct covers *covers)
{
	AUTO_CLOSE int covering_fd = fd;
	int clone_fd;
	int ret;

	if (covers->count == COVERS_MAX)
		return -EXDEV;
	clone_fd = (int)syscall(SYS_open_tree, fd, "", AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	if (clone_fd < 0)
		return -errno;
	ret = remember_cover(clone_fd, fcntl(dir_fd, F_DUPFD_CLOEXEC, 0), name, covers);
	if (ret < 0)
		return ret;
	if (covers->count == 1)
		defer_end(covers);
	ret = remove_cover(inside, take_fd(&covering_fd), &covers->covers[covers->count - 1]);
	if (ret < 0)
		drop_last(covers);
	return ret;
}

/*
 * Opens what is on top at a name.  Nothing here may wait for a file system, as a
 * cover may be off.  Returns a descriptor; -ENOENT if nothing is mounted there; or
 * another negative errno.
 */
static int open_top(int dir_fd, const char *name, struct place *top, struct place *directory)
{
	AUTO_CLOSE int fd = finder_open_cached(dir_fd, name, RESOLVE_NO_SYMLINKS);
	int ret;

	*top = *directory = (struct place){0};
	if (fd < 0)
		return fd;
	ret = inside_identify(fd, top);
	if (ret == 0)
		ret = inside_identify(dir_fd, directory);
	if (ret < 0)
		return ret;
	return top->mount_id == directory->mount_id ? -ENOENT : take_fd(&fd);
}

int covers_lift(const struct inside *inside, int dir_fd, const char *name, uint64_t id, struct covers *covers)
{
	for (int i = 0; i < MOUNTS_MAX; i++) {
		struct place top;
		struct place directory;
		AUTO_CLOSE int fd = open_top(dir_fd, name, &top, &directory);
		int ret;

		if (fd < 0 || top.mount_id == id)
			return take_fd(&fd);
		if (inside_is_held(inside, &top)) {
			ret = inside_unmount(inside, fd);
		} else {
			ret = tree_check_covers(inside, top.mount_id, id, directory.mount_id);
			if (ret == 0)
				ret = save_cover(inside, take_fd(&fd), dir_fd, name, covers);
		}
		if (ret < 0)
			return ret == -EINVAL ? -EXDEV : ret;
	}
	return -EXDEV;
}

void covers_put_back(struct covers *covers)
{
	while (covers->count > 0) {
		const struct cover *cover = &covers->covers[covers->count - 1];

		if (syscall(SYS_move_mount, cover->clone_fd, "", cover->dir_fd, cover->name,
			    MOVE_MOUNT_F_EMPTY_PATH) < 0)
			covers->lost = errno;
		drop_last(covers);
	}
}
