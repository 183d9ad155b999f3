#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "proc/capabilities.h"
#include "scan/scan.h"
#include "target/target.h"

static int open_process(const struct target *target, struct process *process, struct error *err)
{
	uint64_t inode = 0;
	int ret = process_open(target->pid ? target->pid : getpid(), process, err);

	if (ret < 0 || target->pidfd_inode == 0)
		return ret;
	ret = process_read_pidfd_inode(process, &inode);
	if (ret < 0) {
		error_set(err, -ret, "'%.400s': this kernel's pidfds have no inode of their own",
			  target->text);
		error_hint(err, "PID:INODE needs Linux 6.9 or newer");
	} else if (inode != target->pidfd_inode) {
		error_set(err, ESRCH,
			  "process %d is another one now: its pidfd inode is %" PRIu64 ", not %" PRIu64,
			  target->pid, inode, target->pidfd_inode);
	} else {
		return 0;
	}
	process_close(process);
	return -err->number;
}

/* What "not found" is worth when not everything could be looked at. */
static int set_not_found(const struct snapshot *snapshot, const char *what, struct error *err)
{
	error_set(err, ENOENT, "no namespace %s was found", what);
	if (target_hint_at_unseen(snapshot, err))
		return -err->number;
	/* The kernel says ESTALE for what is gone and for what this user may not open alike (Linux 6.18). */
	if (capabilities_check_first_user_ns() < 0)
		error_hint(err, "it is gone, or cannot be opened from this user namespace");
	else
		error_hint(err, "its last process may have ended");
	return -err->number;
}

/* Whether nothing but mounts holds it. */
static bool is_only_mounted(const struct snapshot_ns *ns)
{
	return ns->kinds == 1U << HOLDER_MOUNT;
}

/* What is mounted where no path leads to cannot be opened. */
static int set_unreachable(const struct snapshot *snapshot, uint32_t index, const char *what,
			   struct error *err)
{
	const struct snapshot_holder *mount = &snapshot->holders[snapshot->namespaces[index].first_holder];
	bool has_process =
	    mount->mnt_ns != SNAPSHOT_NONE && snapshot->namespaces[mount->mnt_ns].first_task != SNAPSHOT_NONE;

	error_set(err, ENXIO, "cannot open namespace %s: only a mount that is %s holds it", what,
		  has_process ? "hidden" : "in a mnt namespace without a process");
	return error_hint(err, "nsctl why '%s:[%ju]'", ns_type_name(snapshot->namespaces[index].type),
			  (uintmax_t)snapshot->namespaces[index].ino);
}

static int open_found(const struct snapshot *snapshot, uint32_t index, const char *what, struct ns *ns,
		      struct error *err)
{
	int ret;

	if (index == SNAPSHOT_NONE)
		return set_not_found(snapshot, what, err);
	ret = scan_open_ns(snapshot, index, ns);
	if (ret == -ENOENT && is_only_mounted(&snapshot->namespaces[index]))
		return set_unreachable(snapshot, index, what, err);
	return ret < 0 ? error_set_errno(err, -ret, "cannot open namespace %s", what) : 0;
}

/* Most namespaces have processes, and these are quickly read: what else there is comes second. */
static int open_inode(const struct target *target, struct ns *ns, struct error *err)
{
	const struct scan_request requests[] = {{.types = target->types}, SCAN_EVERYTHING};
	int ret = 0;

	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		AUTO_SNAPSHOT struct snapshot snapshot = {0};

		ret = scan(&requests[i], &snapshot, err);
		if (ret == 0)
			ret =
			    open_found(&snapshot, snapshot_find_inode(&snapshot, target->types, target->ino),
				       target->text, ns, err);
		if (ret != -ENOENT || target_refuse_type(&snapshot, target, err))
			break;
	}
	return ret;
}

int target_check_ids(uint64_t id, struct error *err)
{
	AUTO_NS struct ns own = NS_CLOSED;

	/* Without /proc, what comes next says so. */
	if (ns_open_at(AT_FDCWD, "/proc/self/ns/net", &own) < 0 || ns_kernel_has_ids(&own))
		return 0;
	error_set(err, ENOTTY, "cannot open namespace :%" PRIu64, id);
	return error_hint(err, "namespace ids need Linux 6.18 or newer");
}

int target_open_ns_id(uint64_t id, struct ns *ns, struct error *err)
{
	AUTO_SNAPSHOT struct snapshot snapshot = {0};
	char what[32];
	int ret = target_check_ids(id, err);

	if (ret < 0 || ns_open_id(id, ns) == 0)
		return ret;
	snprintf(what, sizeof(what), ":%" PRIu64, id);
	ret = scan(&SCAN_EVERYTHING, &snapshot, err);
	return ret < 0 ? ret : open_found(&snapshot, snapshot_find_id(&snapshot, id), what, ns, err);
}

static int open_netns_name(const struct target *target, struct ns *ns, struct error *err)
{
	char path[512];
	int ret;

	if ((size_t)snprintf(path, sizeof(path), "/run/netns/%s", target->name) >= sizeof(path))
		return error_set(err, ENAMETOOLONG, "'%.64s…' is too long for a name of ip netns",
				 target->text);
	ret = ns_open_path(path, ns, err);
	if (ret == -ENOENT)
		error_hint(err, "`ip netns list` shows the names there are");
	return ret;
}

int target_open(const struct target *target, struct opened_target *opened, struct error *err)
{
	*opened = (struct opened_target){.process = PROCESS_CLOSED, .ns = NS_CLOSED};
	switch (target->kind) {
	case TARGET_PROCESS:
		opened->is_process = true;
		return open_process(target, &opened->process, err);
	case TARGET_NS_INODE:
		return open_inode(target, &opened->ns, err);
	case TARGET_NS_ID:
		return target_open_ns_id(target->id, &opened->ns, err);
	case TARGET_FILE:
		return ns_open_path(target->name, &opened->ns, err);
	case TARGET_NETNS_NAME:
		return open_netns_name(target, &opened->ns, err);
	}
	return error_set(err, EINVAL, "'%.400s' is not a target", target->text);
}

int target_open_text(const char *text, struct opened_target *opened, struct error *err)
{
	struct target target;
	int ret;

	*opened = (struct opened_target){.process = PROCESS_CLOSED, .ns = NS_CLOSED};
	ret = target_parse(text, &target, err);
	return ret < 0 ? ret : target_open(&target, opened, err);
}

void opened_target_close(struct opened_target *opened)
{
	process_close(&opened->process);
	ns_close(&opened->ns);
}
