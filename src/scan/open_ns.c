/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scan/open_ns.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/bounded.h"
#include "base/cleanup.h"
#include "ns/uapi.h"
#include "scan/files.h"
#include "scan/listns.h"
#include "scan/scan.h"

/* The number of holders to try: one is as good as another. */
#define MAX_WAYS 100
/* The time for each, short of that of the helper in which this may run. */
#define WAY_MSEC 50

/* User and pid namespaces nest at most 32 deep, below the first. */
#define MAX_STEPS 34

/* Keeps the opened namespace if it is the wanted one. */
static int accept_ns(const struct snapshot_ns *wanted, int opened, struct ns *candidate, struct ns *ns)
{
	if (opened < 0)
		return opened;
	/* An inode may be reused; an id never is. */
	if (candidate->type != wanted->type || candidate->ino != wanted->ino ||
	    (wanted->id != 0 && ns_read_id(candidate) != wanted->id)) {
		ns_close(candidate);
		return -ENOENT;
	}
	*ns = *candidate;
	return 0;
}

static int open_path(const struct snapshot_ns *wanted, const char *path, struct ns *ns)
{
	struct ns candidate;

	return accept_ns(wanted, ns_open_at(AT_FDCWD, path, &candidate), &candidate, ns);
}

static int open_by_link(const struct snapshot_ns *wanted, const struct snapshot_task *task, enum ns_link link,
			struct ns *ns)
{
	struct error ignored; /* only the error number is used */
	struct ns candidate;
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/ns/%s", task->pid, ns_link_name(link));
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	return accept_ns(wanted, ns_from_fd(fd, &candidate, &ignored), &candidate, ns);
}

/* Tries a pidfd first: the link may wait for a lock that the task holds. */
static int open_by_task(const struct snapshot *snapshot, uint32_t index, uint32_t number, struct ns *ns)
{
	const struct snapshot_ns *wanted = &snapshot->namespaces[index];
	AUTO_CLOSE int pidfd = -1;
	const struct snapshot_task *task;
	struct ns candidate;
	enum ns_link link;

	if (number == SNAPSHOT_NONE)
		return -ENOENT;
	task = &snapshot->tasks[number];
	link = snapshot_task_link(snapshot, number, index);
	pidfd = (int)syscall(SYS_pidfd_open, task->pid, snapshot_is_leader(task) ? 0 : PIDFD_THREAD);
	if (pidfd >= 0 && accept_ns(wanted, ns_open_of_pidfd(pidfd, link, &candidate), &candidate, ns) == 0)
		return 0;
	return open_by_link(wanted, task, link, ns);
}

static bool is_own_mnt(const struct snapshot *snapshot, uint32_t mnt_ns)
{
	struct stat st;

	return mnt_ns != SNAPSHOT_NONE && stat("/proc/self/ns/mnt", &st) == 0 &&
	       st.st_ino == snapshot->namespaces[mnt_ns].ino;
}

/* One holder that may lead to it. */
struct way {
	const struct snapshot *snapshot;
	const struct snapshot_ns *wanted;
	const struct snapshot_holder *holder;
};

/* The directory of the process, or of a thread that has a table of descriptors of its own. */
static void format_directory(const struct snapshot_holder *holder, char *path, size_t size)
{
	if (holder->tid)
		snprintf(path, size, "/proc/%d/task/%d", holder->pid, holder->tid);
	else
		snprintf(path, size, "/proc/%d", holder->pid);
}

static int open_by_file(const struct way *way, struct ns *ns)
{
	char directory[48];
	char path[80];

	format_directory(way->holder, directory, sizeof(directory));
	snprintf(path, sizeof(path), "%s/fd/%d", directory, way->holder->fd);
	return open_path(way->wanted, path, ns);
}

static int open_by_socket(const struct way *way, struct ns *ns)
{
	const struct snapshot_holder *holder = way->holder;
	AUTO_CLOSE int ns_fd = -1;
	AUTO_CLOSE int copy = -1;
	struct ns candidate;
	char directory[48];
	char path[64];

	format_directory(holder, directory, sizeof(directory));
	snprintf(path, sizeof(path), "%s/ns", directory);
	ns_fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (ns_fd < 0)
		return -errno;
	copy = descriptor_copy(ns_fd, holder->tid ? holder->tid : holder->pid, holder->fd);
	if (copy < 0)
		return copy;
	return accept_ns(way->wanted, socket_open_ns(copy, &candidate), &candidate, ns);
}

/* Opens the mount point below the root of a task in the mnt namespace. */
static int open_by_mount(const struct way *way, struct ns *ns)
{
	const struct snapshot *snapshot = way->snapshot;
	const char *point = snapshot_mount_point(snapshot, way->holder);
	uint32_t mnt_ns = way->holder->mnt_ns;
	uint32_t task = mnt_ns == SNAPSHOT_NONE ? SNAPSHOT_NONE : snapshot->namespaces[mnt_ns].first_task;
	char path[4096 + 64];

	if (is_own_mnt(snapshot, mnt_ns))
		return open_path(way->wanted, point, ns);
	if (task == SNAPSHOT_NONE)
		return -ENOENT;
	snprintf(path, sizeof(path), "/proc/%d/root%s", snapshot->tasks[task].pid, point);
	return open_path(way->wanted, path, ns);
}

static int open_in_helper(void *context)
{
	const struct way *way = context;
	struct ns ns = NS_CLOSED;
	int ret = -ENOENT;

	if (way->holder->kind == HOLDER_FILE)
		ret = open_by_file(way, &ns);
	else if (way->holder->kind == HOLDER_SOCKET)
		ret = open_by_socket(way, &ns);
	else if (way->holder->kind == HOLDER_MOUNT)
		ret = open_by_mount(way, &ns);
	return ret < 0 ? ret : ns.fd;
}

/* Opens it by the first holder that leads there; each of them can block, or be something else by now. */
static int open_by_holders(const struct snapshot *snapshot, uint32_t index, struct ns *ns)
{
	struct way way = {.snapshot = snapshot, .wanted = &snapshot->namespaces[index]};
	int tries = MAX_WAYS;
	int ret = -ENOENT;

	for (uint32_t i = way.wanted->first_holder; ret < 0 && i != SNAPSHOT_NONE && tries-- > 0;
	     i = snapshot->holders[i].next) {
		struct error ignored; /* a namespace is all that the helper passes on */
		struct patience patience = {.msec = WAY_MSEC};
		struct ns candidate;
		int fd;

		way.holder = &snapshot->holders[i];
		fd = bounded_open(open_in_helper, &way, NULL, 0, &patience);
		ret =
		    fd < 0 ? fd : accept_ns(way.wanted, ns_from_fd(fd, &candidate, &ignored), &candidate, ns);
	}
	return ret;
}

struct wanted_mnt {
	const struct snapshot_ns *wanted;
	struct ns *ns;
};

static int take_if_wanted(struct ns *ns, void *context)
{
	struct wanted_mnt *wanted = context;

	if (ns->ino != wanted->wanted->ino)
		return 0;
	*wanted->ns = *ns;
	*ns = NS_CLOSED;
	return 1;
}

static int open_listed(const struct snapshot_ns *wanted, struct ns *ns)
{
	struct wanted_mnt context = {.wanted = wanted, .ns = ns};

	if (wanted->type != NS_MNT || !wanted->is_listed)
		return -ENOENT;
	return listns_walk_mnt(take_if_wanted, &context) == 1 ? 0 : -ENOENT;
}

static int open_directly(const struct snapshot *snapshot, uint32_t index, struct ns *ns)
{
	const struct snapshot_ns *wanted = &snapshot->namespaces[index];
	struct ns candidate;
	int first = open_by_task(snapshot, index, wanted->first_task, ns);

	if (first == 0 || open_by_task(snapshot, index, wanted->first_for_children, ns) == 0)
		return 0;
	if (wanted->id != 0 &&
	    accept_ns(wanted, ns_open_handle(wanted->id, wanted->type, wanted->ino, &candidate), &candidate,
		      ns) == 0)
		return 0;
	if (open_by_holders(snapshot, index, ns) == 0 || open_listed(wanted, ns) == 0)
		return 0;
	return first;
}

static int climb_namespaces(struct ns *ns, int steps, enum ns_type type)
{
	while (steps-- > 0) {
		struct ns next;
		int ret = type == NS_PID ? ns_open_parent(ns, &next) : ns_open_owner(ns, &next);

		ns_close(ns);
		if (ret < 0)
			return ret;
		*ns = next;
	}
	return 0;
}

struct search {
	const struct snapshot *snapshot;
	const struct descendants *descendants;
	const struct snapshot_ns *wanted;
	const uint32_t *next; /* of a list of descendants */
};

/* Opens a namespace that is so many steps below the wanted one, and climbs up from there. */
static int open_from(const struct search *search, uint32_t below, int steps, struct ns *ns)
{
	struct ns candidate;
	int ret = open_directly(search->snapshot, below, &candidate);

	if (ret == 0)
		ret = climb_namespaces(&candidate, steps, search->wanted->type);
	return accept_ns(search->wanted, ret, &candidate, ns);
}

/* Depth first.  Reused inodes may make a circle: the depth has a limit. */
static int open_from_below(const struct search *search, uint32_t wanted, struct ns *ns)
{
	const uint32_t *first = search->descendants->first;
	uint32_t path[MAX_STEPS + 1] = {wanted, first[wanted]}; /* by the steps below the wanted one */
	int steps = 1;

	while (steps > 0) {
		uint32_t below = path[steps];

		if (below != SNAPSHOT_NONE && open_from(search, below, steps, ns) == 0)
			return 0;
		if (below != SNAPSHOT_NONE && steps < MAX_STEPS &&
		    search->snapshot->namespaces[below].type == search->wanted->type)
			path[++steps] = first[below];
		else if (below != SNAPSHOT_NONE)
			path[steps] = search->next[below];
		else if (--steps > 0)
			path[steps] = search->next[path[steps]];
	}
	return -ENOENT;
}

/* Opens a namespace that is known only as an owner or a parent. */
static int open_above(const struct snapshot *snapshot, const struct descendants *descendants, uint32_t index,
		      struct ns *ns)
{
	AUTO_DESCENDANTS struct descendants own = {0};
	struct search search = {
	    .snapshot = snapshot, .descendants = descendants, .wanted = &snapshot->namespaces[index]};

	if (!descendants && descendants_open(snapshot, &own) < 0)
		return -ENOMEM;
	if (!descendants)
		search.descendants = &own;
	search.next =
	    search.wanted->type == NS_PID ? search.descendants->next_child : search.descendants->next_owned;
	return open_from_below(&search, index, ns);
}

int scan_open_ns_in_helper(const struct snapshot *snapshot, const struct descendants *descendants,
			   uint32_t index, struct ns *ns)
{
	enum ns_type type = snapshot->namespaces[index].type;
	int ret;

	ns->fd = -1;
	ret = open_directly(snapshot, index, ns);
	if (ret < 0 && (type == NS_PID || type == NS_USER) &&
	    open_above(snapshot, descendants, index, ns) == 0)
		return 0;
	return ret;
}

struct opening {
	const struct snapshot *snapshot;
	uint32_t index;
};

static int open_ns_in_helper(void *context)
{
	const struct opening *opening = context;
	struct ns ns;
	int ret = scan_open_ns_in_helper(opening->snapshot, NULL, opening->index, &ns);

	return ret < 0 ? ret : ns.fd;
}

int scan_open_ns(const struct snapshot *snapshot, uint32_t index, struct ns *ns)
{
	struct opening opening = {.snapshot = snapshot, .index = index};
	struct error ignored; /* the helper has checked that it is the one */
	int fd =
	    bounded_open(open_ns_in_helper, &opening, NULL, 0, unanswered_patience(snapshot->unanswered));

	ns->fd = -1;
	return fd < 0 ? fd : ns_from_fd(fd, ns, &ignored);
}
