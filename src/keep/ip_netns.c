/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "keep/ip_netns.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "keep/pin.h"
#include "keep/shared_mount.h"

/* IP_NETNS_DIRECTORY, in two parts. */
#define RUN_DIRECTORY "/run"
#define NETNS_NAME "netns"

#define DIRECTORY_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

void ip_netns_close(struct ip_netns *file)
{
	cleanup_close(&file->dir_fd);
	cleanup_close(&file->fd);
	*file = IP_NETNS_NONE;
}

static int set_ip_netns_in_use(const char *name, struct error *err)
{
	error_set(err, EEXIST, "ip netns already has the name '%s'", name);
	return error_hint(err, "choose another name, or keep it without --ip-netns");
}

static int make_ip_netns_directory(const struct keep_base *base, struct ip_netns *file, struct error *err)
{
	AUTO_CLOSE int run_fd = open(RUN_DIRECTORY, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int ret;

	if (run_fd < 0 || (mkdirat(run_fd, NETNS_NAME, 0755) < 0 && errno != EEXIST))
		return error_set_errno(err, errno, "cannot make the directory " IP_NETNS_DIRECTORY);
	file->dir_fd = openat(run_fd, NETNS_NAME, DIRECTORY_FLAGS);
	if (file->dir_fd < 0)
		return error_set_errno(err, errno, "cannot open " IP_NETNS_DIRECTORY);
	ret = shared_mount_make(run_fd, NETNS_NAME, base->fd, &file->dir_fd);
	return ret < 0 ? error_set_errno(err, -ret, "cannot make " IP_NETNS_DIRECTORY " a shared mount") : 0;
}

int ip_netns_prepare(const struct keep_base *base, const char *name, struct ip_netns *file, struct error *err)
{
	struct stat st;
	int ret = make_ip_netns_directory(base, file, err);

	if (ret < 0)
		return ret;
	if (faccessat(file->dir_fd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		return set_ip_netns_in_use(name, err);
	file->fd = openat(file->dir_fd, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0);
	if (file->fd < 0 || fstat(file->fd, &st) < 0)
		return error_set_errno(err, errno, "cannot make a file in " IP_NETNS_DIRECTORY);
	file->ino = st.st_ino;
	return 0;
}

int ip_netns_attach(const struct ip_netns *file, const char *name, const struct ns *ns, struct error *err)
{
	char path[32];
	int ret;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", file->fd);
	if (linkat(AT_FDCWD, path, file->dir_fd, name, AT_SYMLINK_FOLLOW) < 0)
		return errno == EEXIST ? set_ip_netns_in_use(name, err)
				       : error_set_errno(err, errno, "cannot make the file '%s/%s'",
							 IP_NETNS_DIRECTORY, name);
	ret = pin_bind(file->dir_fd, name, ns);
	return ret < 0 ? error_set_errno(err, -ret, "cannot mount '%s/%s'", IP_NETNS_DIRECTORY, name) : 0;
}

/* Whether the file is the namespace of the record, or what it was to be mounted on. */
static bool is_of_record(int dir_fd, const char *name, const struct record *record)
{
	const struct record_ns *recorded = &record->ns[NS_NET];
	AUTO_NS struct ns ns = NS_CLOSED;
	struct stat st;

	if (ns_open_at(dir_fd, name, &ns) == 0)
		return ns.type == NS_NET && ns.ino == recorded->ino && ns_read_id(&ns) == recorded->id &&
		       record_is_of_this_boot(record);
	return fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode) &&
	       st.st_size == 0 && st.st_ino == record->ip_netns;
}

int ip_netns_remove(const char *name, const struct record *record)
{
	AUTO_CLOSE int dir_fd = open(IP_NETNS_DIRECTORY, DIRECTORY_FLAGS);

	if (dir_fd < 0 || faccessat(dir_fd, name, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : -errno;
	return is_of_record(dir_fd, name, record) ? pin_remove(dir_fd, name) : -ESTALE;
}
