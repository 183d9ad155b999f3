/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "create/mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "create/reasons.h"
#include "create/util_linux.h"
#include "proc/capabilities.h"

#define DEFAULT_BINFMT_POINT "/proc/sys/fs/binfmt_misc"

int create_set_propagation(struct creation *creation, struct error *err)
{
	unsigned long propagation = creation->request->propagation;

	if (!creation_has(creation, NS_MNT) || propagation == 0)
		return 0;
	if (mount("none", "/", NULL, propagation, NULL) == 0)
		return 0;
	error_set_errno(err, errno, "cannot change root filesystem propagation");
	if (err->number == EINVAL)
		error_hint(err, "the root directory is not a mount point: add --propagation unchanged");
	else
		reasons_of_call(CAP_SYS_ADMIN, err);
	return create_word_as_unshare(creation, err, "cannot change root filesystem propagation");
}

static int mount_at(const struct creation *creation, const char *fstype, const char *point, struct error *err)
{
	if (mount(fstype, point, fstype, MS_NOSUID | MS_NOEXEC | MS_NODEV, NULL) == 0)
		return 0;
	reasons_of_mount(fstype, point, creation->types, errno, err);
	return create_word_as_unshare(creation, err, "mount %.400s failed", point);
}

/* Whether the kernel opens the interpreter when it is registered: flag F (binfmt_misc.rst). */
static bool is_fixed(const char *definition)
{
	const char *flags = strrchr(definition, ':');

	return flags && strchr(flags, 'F');
}

static int load_interpreter(const char *point, const char *definition, struct error *err)
{
	AUTO_CLOSE int directory = open(point, O_PATH | O_DIRECTORY | O_CLOEXEC);
	AUTO_CLOSE int fd =
	    directory < 0 ? -1 : openat(directory, "register", O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	size_t length = strlen(definition);
	struct statfs fs;

	/* Files below a new root may belong to anybody. */
	if (fd >= 0 && (fstatfs(fd, &fs) < 0 || fs.f_type != BINFMTFS_MAGIC))
		return error_set(err, EINVAL, "%.256s is not binfmt_misc", point);
	if (fd < 0)
		return error_set_errno(err, errno, "cannot open %.256s/register", point);
	if (write(fd, definition, length) != (ssize_t)length) {
		error_set_errno(err, errno, "cannot register the interpreter '%.256s'", definition);
		return error_hint(err, "it is :NAME:TYPE:OFFSET:MAGIC:MASK:INTERPRETER:FLAGS, "
				       "and INTERPRETER must exist where flag F is given");
	}
	return 0;
}

/* With a new root, the caller's files are out of reach afterwards. */
static bool is_loaded_before_root(const struct create_request *request)
{
	return request->binfmt_definition && request->root && is_fixed(request->binfmt_definition);
}

int create_load_fixed_interpreter(struct creation *creation, struct error *err)
{
	const struct create_request *request = creation->request;
	int ret;

	if (!is_loaded_before_root(request))
		return 0;
	ret = mount_at(creation, "binfmt_misc", DEFAULT_BINFMT_POINT, err);
	return ret < 0 ? ret : load_interpreter(DEFAULT_BINFMT_POINT, request->binfmt_definition, err);
}

static int change_root(const struct creation *creation, struct error *err)
{
	const char *root = creation->request->root;

	if (!root || chroot(root) == 0)
		return 0;
	error_set_errno(err, errno, "cannot change root directory to '%.400s'", root);
	reasons_of_call(CAP_SYS_CHROOT, err);
	return create_word_as_unshare(creation, err, "cannot change root directory to '%.400s'", root);
}

int create_set_directories(struct creation *creation, struct error *err)
{
	const struct create_request *request = creation->request;
	const char *wd = request->root && !request->wd ? "/" : request->wd;
	int ret = change_root(creation, err);

	if (ret < 0)
		return ret;
	if (!wd || chdir(wd) == 0)
		return 0;
	error_set_errno(err, errno, "cannot change directory to '%.400s'", wd);
	return create_word_as_unshare(creation, err, "cannot change directory to %.400s", wd);
}

/* Only a private root, set recursively, has made every mount below it private already. */
static int make_private(const struct creation *creation, struct error *err)
{
	const struct create_request *request = creation->request;

	if (request->root || request->propagation == (MS_REC | MS_PRIVATE))
		return 0;
	/* EINVAL: nothing is mounted there yet. */
	if (mount("none", creation->proc_point, NULL, MS_PRIVATE | MS_REC, NULL) < 0 && errno != EINVAL)
		return error_set_errno(err, errno, "cannot change %.256s filesystem propagation",
				       creation->proc_point);
	return 0;
}

int create_mount_proc(struct creation *creation, struct error *err)
{
	int ret;

	if (!creation->proc_point)
		return 0;
	ret = make_private(creation, err);
	return ret < 0 ? ret : mount_at(creation, "proc", creation->proc_point, err);
}

int create_mount_binfmt(struct creation *creation, struct error *err)
{
	const struct create_request *request = creation->request;
	int ret;

	if (!request->binfmt_point)
		return 0;
	ret = mount_at(creation, "binfmt_misc", request->binfmt_point, err);
	if (ret < 0 || !request->binfmt_definition || is_loaded_before_root(request))
		return ret;
	return load_interpreter(request->binfmt_point, request->binfmt_definition, err);
}
