/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scan/files.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/numbers.h"
#include "ns/ns.h"
#include "ns/uapi.h"
#include "snapshot/snapshot.h"

/* So many descriptors are read before a table is compared with others. */
#define LARGE_TABLE 64
#define KCMP_GREATER 2 /* kcmp(2): the first is greater than the second */

int files_start(struct files *files, ns_type_set types)
{
	*files = (struct files){.types = types};
	return ns_read_device(&files->nsfs);
}

void files_clear(struct files *files)
{
	files->found_count = 0;
	files->shares = 0;
	map_free(&files->first);
}

static int add_found(struct files *files, const struct held_file *file)
{
	uint64_t key = (uint64_t)file->type << 33 | (uint64_t)file->is_socket << 32 | (uint32_t)file->ino;
	uint32_t first = map_find(&files->first, key);
	struct held_file *larger;

	if (first != MAP_NONE && files->found[first].kept == HOLDERS_OF_ONE) {
		files->found[first].more++;
		return 0;
	}
	larger = array_reserve(files->found, &files->found_capacity, files->found_count, sizeof(*larger));
	if (!larger)
		return -ENOMEM;
	files->found = larger;
	if (first == MAP_NONE && map_add(&files->first, key, first = (uint32_t)files->found_count) < 0)
		return -ENOMEM;
	larger[files->found_count++] = *file;
	larger[first].kept++;
	return 0;
}

int descriptor_copy(int ns_fd, pid_t pid, int fd)
{
	AUTO_CLOSE int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	int copy;

	/* A thread that leads no process: EINVAL, since Linux 6.15 ENOENT. */
	if (pidfd < 0 && (errno == EINVAL || errno == ENOENT))
		pidfd = (int)syscall(SYS_pidfd_open, pid, PIDFD_THREAD);
	/* While the directory answers, the number is still the process's; so the pidfd is too. */
	if (pidfd < 0 || faccessat(ns_fd, "../stat", F_OK, 0) < 0)
		return -errno;
	copy = (int)syscall(SYS_pidfd_getfd, pidfd, fd, 0);
	return copy < 0 ? -errno : copy;
}

int socket_open_ns(int socket_fd, struct ns *ns)
{
	struct error ignored; /* only a namespace is what the call returns */
	int fd = ioctl(socket_fd, SIOCGSKNS);

	ns->fd = -1;
	return fd < 0 ? -errno : ns_from_fd(fd, ns, &ignored);
}

static bool is_socket(int fd, uint64_t inode)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISSOCK(st.st_mode) && st.st_ino == inode;
}

/* Asks a socket for its namespace, and remembers the answer.  0: it could not be asked. */
static int ask_socket(struct files *files, int ns_fd, const struct held_file *file, uint64_t inode,
		      ino_t *net)
{
	AUTO_CLOSE int copy = descriptor_copy(ns_fd, file->tid ? file->tid : file->pid, file->fd);
	AUTO_NS struct ns ns = NS_CLOSED;

	*net = 0;
	if (copy < 0 || !is_socket(copy, inode) || socket_open_ns(copy, &ns) < 0)
		return 0;
	*net = ns.ino;
	return map_add(&files->sockets, inode, (uint32_t)ns.ino) < 0 ? -ENOMEM : 0;
}

/* Forked processes share sockets: each socket is asked once, and is a holder for each process. */
static int look_at_socket(struct files *files, int ns_fd, struct held_file *file, uint64_t inode,
			  ino_t own_net)
{
	uint32_t known = map_find(&files->sockets, inode);
	ino_t net = known;
	int ret = 0;

	if (!(files->types & 1U << NS_NET))
		return 0;
	if (known == MAP_NONE)
		ret = ask_socket(files, ns_fd, file, inode, &net);
	if (ret < 0 || net == 0 || net == own_net)
		return ret;
	file->is_socket = true;
	file->type = NS_NET;
	file->ino = net;
	return add_found(files, file);
}

static int look_at_namespace(struct files *files, int fds_fd, const char *name, struct held_file *file)
{
	AUTO_NS struct ns ns = NS_CLOSED;

	/* It may be closed by now, or another file. */
	if (ns_open_at(fds_fd, name, &ns) < 0 || !(files->types & 1U << ns.type))
		return 0;
	file->type = ns.type;
	file->ino = ns.ino;
	return add_found(files, file);
}

/*
 * The text of the link does not identify a namespace: for one that was opened
 * through a bind mount it is the mount point.  One statx(2) distinguishes
 * namespaces and sockets from other files, without waiting for a file server.
 */
static int look_at_descriptor(struct files *files, int ns_fd, const struct numbers *fds,
			      const struct statx *st, struct held_file *file, ino_t own_net)
{
	if (makedev(st->stx_dev_major, st->stx_dev_minor) == files->nsfs)
		return look_at_namespace(files, fds->fd, fds->name, file);
	if (S_ISSOCK(st->stx_mode))
		return look_at_socket(files, ns_fd, file, st->stx_ino, own_net);
	return 0;
}

/*
 * Finds the table of a task among those that were read, in the order of kcmp(2),
 * which no process can choose.  Returns whether it was read; *place is where it
 * is, or belongs.
 */
static bool find_table(const struct files *files, pid_t pid, size_t *place)
{
	size_t first = 0;
	size_t end = files->table_count;

	while (first < end) {
		size_t middle = first + (end - first) / 2;
		long order = syscall(SYS_kcmp, files->tables[middle], pid, KCMP_FILES, 0, 0);

		*place = middle;
		if (order == 0)
			return true;
		if (order == KCMP_GREATER)
			end = middle;
		else
			first = middle + 1; /* or the other has ended: then this one is read once more */
	}
	*place = first;
	return false;
}

static int add_table(struct files *files, pid_t pid, size_t place)
{
	pid_t *larger =
	    array_reserve(files->tables, &files->table_capacity, files->table_count, sizeof(*larger));

	if (!larger)
		return -ENOMEM;
	files->tables = larger;
	memmove(larger + place + 1, larger + place, (files->table_count - place) * sizeof(*larger));
	larger[place] = pid;
	files->table_count++;
	return 0;
}

/*
 * Processes can share a table of descriptors (CLONE_FILES), and each shows all
 * of it.  A large one is read once.  Returns 1 where it was read before; 0; or -ENOMEM.
 */
static int look_for_same(struct files *files, pid_t pid)
{
	size_t place;

	if (!find_table(files, pid, &place))
		return add_table(files, pid, place);
	files->shares = files->tables[place];
	return 1;
}

/* Drops all that was found beyond a count. */
static void drop_found(struct files *files, size_t count)
{
	files->found_count = count;
	map_free(&files->first);
}

int files_look(struct files *files, int ns_fd, pid_t pid, pid_t tid, ino_t own_net)
{
	AUTO_NUMBERS struct numbers fds;
	size_t before = files->found_count;
	size_t count = 0;
	uint32_t fd;
	int ret = numbers_open(&fds, ns_fd, "../fd");
	int next = 0;

	while (ret == 0 && (next = numbers_next(&fds, &fd)) == 1) {
		const int flags = AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT;
		struct held_file file = {.pid = pid, .tid = tid, .fd = (int)fd};
		struct statx st;

		if (statx(fds.fd, fds.name, flags, STATX_TYPE | STATX_INO, &st) < 0)
			continue; /* closed meanwhile */
		ret = look_at_descriptor(files, ns_fd, &fds, &st, &file, own_net);
		if (ret == 0 && ++count == LARGE_TABLE)
			ret = look_for_same(files, tid ? tid : pid);
	}
	if (ret == 1)
		drop_found(files, before);
	if (next < 0)
		return next;
	return ret < 0 ? ret : 0;
}
