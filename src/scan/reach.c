/* From a namespace of a snapshot to the namespace itself, by whatever holds it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "scan/files.h"
#include "scan/listed.h"
#include "scan/scan.h"

/* User and pid namespaces nest at most 32 deep, and each may own one more. */
#define MAX_STEPS 70

/* Keeps what was opened if it is the one. */
static int accept(const struct snapshot_ns *wanted, int opened, struct ns *candidate, struct ns *ns)
{
	if (opened < 0)
		return opened;
	if (candidate->type != wanted->type || candidate->ino != wanted->ino) {
		ns_close(candidate);
		return -ENOENT;
	}
	*ns = *candidate;
	return 0;
}

static int open_path(const struct snapshot_ns *wanted, const char *path, struct ns *ns)
{
	struct ns candidate;
	struct error ignored; /* the number of it is what counts */

	return accept(wanted, ns_open_path(path, &candidate, &ignored), &candidate, ns);
}

static int open_by_task(const struct snapshot *snapshot, uint32_t index, uint32_t task, struct ns *ns)
{
	char path[64];

	if (task == SNAPSHOT_NONE)
		return -ENOENT;
	snprintf(path, sizeof(path), "/proc/%d/ns/%s", snapshot->tasks[task].pid,
		 ns_link_name(snapshot_task_link(snapshot, task, index)));
	return open_path(&snapshot->namespaces[index], path, ns);
}

static int open_by_file(const struct snapshot_ns *wanted, const struct snapshot_holder *holder, struct ns *ns)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", holder->pid, holder->fd);
	return open_path(wanted, path, ns);
}

static int open_by_socket(const struct snapshot_ns *wanted, const struct snapshot_holder *holder,
			  struct ns *ns)
{
	AUTO_CLOSE int dir_fd = -1;
	AUTO_CLOSE int copy = -1;
	struct ns candidate;
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d", holder->pid);
	dir_fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir_fd < 0)
		return -errno;
	copy = file_copy(dir_fd, holder->pid, holder->fd);
	if (copy < 0)
		return copy;
	return accept(wanted, file_open_socket_ns(copy, &candidate), &candidate, ns);
}

/* Through the root of a task in the mnt namespace, which for the caller's own is the caller's. */
static int open_by_mount(const struct snapshot *snapshot, const struct snapshot_ns *wanted,
			 const struct snapshot_holder *holder, struct ns *ns)
{
	const char *point = snapshot_mount_point(snapshot, holder);
	uint32_t task;
	char path[4096 + 64];

	if (open_path(wanted, point, ns) == 0)
		return 0;
	if (holder->mnt_ns == SNAPSHOT_NONE)
		return -ENOENT;
	task = snapshot->namespaces[holder->mnt_ns].first_task;
	if (task == SNAPSHOT_NONE)
		return -ENOENT;
	snprintf(path, sizeof(path), "/proc/%d/root%s", snapshot->tasks[task].pid, point);
	return open_path(wanted, path, ns);
}

static int open_by_holders(const struct snapshot *snapshot, uint32_t index, struct ns *ns)
{
	const struct snapshot_ns *wanted = &snapshot->namespaces[index];
	int ret = -ENOENT;

	for (uint32_t i = wanted->first_holder; ret < 0 && i != SNAPSHOT_NONE;
	     i = snapshot->holders[i].next) {
		const struct snapshot_holder *holder = &snapshot->holders[i];

		if (holder->kind == HOLDER_FILE)
			ret = open_by_file(wanted, holder, ns);
		else if (holder->kind == HOLDER_SOCKET)
			ret = open_by_socket(wanted, holder, ns);
		else
			ret = open_by_mount(snapshot, wanted, holder, ns);
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
	return listed_walk_mnt(take_if_wanted, &context) == 1 ? 0 : -ENOENT;
}

static int open_directly(const struct snapshot *snapshot, uint32_t index, struct ns *ns)
{
	const struct snapshot_ns *wanted = &snapshot->namespaces[index];
	struct ns candidate;
	int first = open_by_task(snapshot, index, wanted->first_task, ns);

	if (first == 0 || open_by_task(snapshot, index, wanted->first_heir, ns) == 0)
		return 0;
	if (wanted->id != 0 &&
	    accept(wanted, ns_open_handle(wanted->id, wanted->type, wanted->ino, &candidate), &candidate,
		   ns) == 0)
		return 0;
	if (open_by_holders(snapshot, index, ns) == 0 || open_listed(wanted, ns) == 0)
		return 0;
	return first;
}

/* One that is known only as an owner or a parent is reached from below. */
static int open_from_below(const struct snapshot *snapshot, uint32_t index, int steps, struct ns *ns)
{
	int ret = open_directly(snapshot, index, ns);
	enum ns_type type = snapshot->namespaces[index].type;

	if (ret == 0 || steps == 0 || (type != NS_PID && type != NS_USER))
		return ret;
	for (uint32_t i = 0; i < snapshot->ns_count; i++) {
		const struct snapshot_ns *below = &snapshot->namespaces[i];
		bool is_parent = below->parent.state == RELATION_KNOWN && below->parent.ns == index;
		bool is_owner = below->owner.state == RELATION_KNOWN && below->owner.ns == index;
		AUTO_NS struct ns from = NS_CLOSED;
		struct ns candidate;

		if ((!is_parent && !is_owner) || open_from_below(snapshot, i, steps - 1, &from) < 0)
			continue;
		if (accept(&snapshot->namespaces[index],
			   is_parent ? ns_open_parent(&from, &candidate) : ns_open_owner(&from, &candidate),
			   &candidate, ns) == 0)
			return 0;
	}
	return ret;
}

int scan_open_ns(const struct snapshot *snapshot, uint32_t index, struct ns *ns)
{
	ns->fd = -1;
	return open_from_below(snapshot, index, MAX_STEPS, ns);
}
