#include "scan/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/numbers.h"
#include "ns/uapi.h"

int file_scan_start(struct file_scan *scan, ns_type_set types)
{
	struct stat st;

	*scan = (struct file_scan){.types = types};
	if (stat("/proc/self/ns/user", &st) < 0)
		return -errno;
	scan->nsfs = st.st_dev;
	return 0;
}

void file_scan_free(struct file_scan *scan)
{
	map_free(&scan->sockets);
	free(scan->found);
	scan->found = NULL;
}

static int add_found(struct file_scan *scan, const struct held_file *file)
{
	struct held_file *larger =
	    array_reserve(scan->found, &scan->found_capacity, scan->found_count, sizeof(*larger));

	if (!larger)
		return -ENOMEM;
	scan->found = larger;
	larger[scan->found_count++] = *file;
	return 0;
}

int file_copy(int ns_fd, pid_t pid, int fd)
{
	AUTO_CLOSE int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	int copy;

	/* While the directory answers, the number is still the process's; so the pidfd is too. */
	if (pidfd < 0 || faccessat(ns_fd, "../stat", F_OK, 0) < 0)
		return -errno;
	copy = (int)syscall(SYS_pidfd_getfd, pidfd, fd, 0);
	return copy < 0 ? -errno : copy;
}

int file_open_socket_ns(int socket_fd, struct ns *ns)
{
	struct error ignored; /* only a namespace is what the call returns */
	int fd = ioctl(socket_fd, SIOCGSKNS);

	ns->fd = -1;
	return fd < 0 ? -errno : ns_from_fd(fd, ns, &ignored);
}

static int look_at_socket(struct file_scan *scan, int ns_fd, struct held_file *file, uint64_t inode,
			  ino_t own_net)
{
	AUTO_CLOSE int copy = -1;
	AUTO_NS struct ns ns = NS_CLOSED;
	int added;

	if (!(scan->types & 1U << NS_NET))
		return 0;
	added = map_add(&scan->sockets, inode, 0);
	if (added <= 0)
		return added;
	copy = file_copy(ns_fd, file->pid, file->fd);
	if (copy < 0 || file_open_socket_ns(copy, &ns) < 0 || ns.ino == own_net)
		return 0;
	file->is_socket = true;
	file->type = NS_NET;
	file->ino = ns.ino;
	return add_found(scan, file);
}

static int look_at_namespace(struct file_scan *scan, int fds_fd, const char *name, struct held_file *file)
{
	struct error ignored; /* closed meanwhile */
	AUTO_NS struct ns ns = NS_CLOSED;
	int fd = openat(fds_fd, name, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || ns_from_fd(fd, &ns, &ignored) < 0 || !(scan->types & 1U << ns.type))
		return 0;
	file->type = ns.type;
	file->ino = ns.ino;
	return add_found(scan, file);
}

/*
 * What the link says does not tell: of a namespace that was opened through a
 * bind mount it is the mount point, also when that is long gone.  One statx(2)
 * tells namespaces and sockets from all else; it is not to wait for a file
 * server that does not answer.
 */
static int look_at_descriptor(struct file_scan *scan, int ns_fd, const struct numbers *fds,
			      struct held_file *file, ino_t own_net)
{
	struct statx st;

	if (statx(fds->fd, fds->name, AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT, STATX_TYPE | STATX_INO, &st) < 0)
		return 0; /* closed meanwhile */
	if (makedev(st.stx_dev_major, st.stx_dev_minor) == scan->nsfs)
		return look_at_namespace(scan, fds->fd, fds->name, file);
	if (S_ISSOCK(st.stx_mode))
		return look_at_socket(scan, ns_fd, file, st.stx_ino, own_net);
	return 0;
}

int file_scan_process(struct file_scan *scan, int ns_fd, pid_t pid, ino_t own_net)
{
	AUTO_NUMBERS struct numbers fds;
	uint32_t fd;
	int ret = 0;

	if (numbers_open(&fds, ns_fd, "../fd") < 0)
		return 0; /* it ended, or may not be read: its links say the same */
	while (ret == 0 && numbers_next(&fds, &fd) == 1) {
		struct held_file file = {.pid = pid, .fd = (int)fd};

		ret = look_at_descriptor(scan, ns_fd, &fds, &file, own_net);
	}
	return ret;
}
