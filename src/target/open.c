#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "proc/search.h"
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
static int set_not_found(const struct search *search, const char *what, struct error *err)
{
	error_set(err, ENOENT, "no namespace %s was found", what);
	if (search->unreadable == 0)
		error_hint(err, "its last process may have ended");
	else
		error_hint(err, "%zu of %zu processes could not be read%s", search->unreadable,
			   search->processes, geteuid() == 0 ? "" : ": run as root");
	return -err->number;
}

static int open_inode(const struct target *target, struct ns *ns, struct error *err)
{
	struct search search = {.types = target->types, .ino = target->ino};
	int ret = search_ns(&search, ns);

	if (ret == -ENOENT)
		return set_not_found(&search, target->text, err);
	if (ret < 0)
		return error_set_errno(err, -ret, "cannot look for namespace %s", target->text);
	return 0;
}

int target_open_ns_id(uint64_t id, struct ns *ns, struct error *err)
{
	struct search search = {.types = NS_TYPE_SET_ALL, .id = id};
	struct error ignored; /* without /proc the search below says so */
	AUTO_NS struct ns own = NS_CLOSED;
	char what[32];
	int ret;

	if (ns_open_path("/proc/self/ns/net", &own, &ignored) == 0 && !ns_kernel_has_ids(&own)) {
		error_set(err, ENOTTY, "cannot open namespace :%" PRIu64, id);
		return error_hint(err, "namespace ids need Linux 6.18 or newer");
	}
	if (ns_open_id(id, ns) == 0)
		return 0;
	ret = search_ns(&search, ns);
	snprintf(what, sizeof(what), ":%" PRIu64, id);
	if (ret == -ENOENT)
		return set_not_found(&search, what, err);
	if (ret < 0)
		return error_set_errno(err, -ret, "cannot look for namespace %s", what);
	return 0;
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
