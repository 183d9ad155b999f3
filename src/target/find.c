#include <errno.h>
#include <unistd.h>

#include "proc/procfs.h"
#include "target/target.h"

bool target_hint_at_unseen(const struct snapshot *snapshot, struct error *err)
{
	if (snapshot->has_hidden)
		procfs_hint_at_hidepid(err);
	else if (snapshot->unreadable > 0)
		error_hint(err, "%zu of %zu processes could not be read%s", snapshot->unreadable,
			   snapshot->processes, geteuid() == 0 ? "" : ": run as root");
	return snapshot->has_hidden || snapshot->unreadable > 0;
}

bool target_refuse_type(const struct snapshot *snapshot, const struct target *target, struct error *err)
{
	uint32_t other = SNAPSHOT_NONE;
	const char *type;

	if (target->kind == TARGET_NS_INODE)
		other = snapshot_find_inode(snapshot, NS_TYPE_SET_ALL, target->ino);
	if (other == SNAPSHOT_NONE)
		return false;
	type = ns_type_name(snapshot->namespaces[other].type);
	error_set(err, ENOENT, "no namespace %.400s was found: %ju is %s %s namespace", target->text,
		  (uintmax_t)target->ino, type[0] == 'i' ? "an" : "a", type);
	error_hint(err, "write %s:[%ju]", type, (uintmax_t)target->ino);
	return true;
}

static int set_not_found(const struct snapshot *snapshot, const char *what, struct error *err)
{
	error_set(err, ENOENT,
		  "no namespace %.400s was found: it is gone, or lies outside what can be seen from here",
		  what);
	target_hint_at_unseen(snapshot, err);
	return -err->number;
}

static int find_process(const struct target *target, const struct snapshot *snapshot,
			struct found_target *found, struct error *err)
{
	AUTO_TARGET struct opened_target opened;
	int ret = target_open(target, &opened, err);

	if (ret < 0)
		return ret;
	found->is_process = true;
	found->task = snapshot_find_task(snapshot, opened.process.pid);
	if (found->task != SNAPSHOT_NONE)
		return 0;
	error_set(err, EACCES, "the namespaces of process %d could not be read", opened.process.pid);
	return error_hint(err, "`nsctl show %d` tells why", opened.process.pid);
}

static int find_file(const struct target *target, const struct snapshot *snapshot, struct found_target *found,
		     struct error *err)
{
	AUTO_TARGET struct opened_target opened;
	int ret = target_open(target, &opened, err);

	if (ret < 0)
		return ret;
	found->ns = snapshot_find_ns(snapshot, opened.ns.type, opened.ns.ino);
	return 0;
}

static int find_id(const struct target *target, const struct snapshot *snapshot, struct found_target *found,
		   struct error *err)
{
	found->ns = snapshot_find_id(snapshot, target->id);
	return found->ns == SNAPSHOT_NONE ? target_check_ids(target->id, err) : 0;
}

int target_find(const struct target *target, const struct snapshot *snapshot, struct found_target *found,
		struct error *err)
{
	int ret = 0;

	*found = (struct found_target){.task = SNAPSHOT_NONE, .ns = SNAPSHOT_NONE};
	if (target->kind == TARGET_PROCESS)
		return find_process(target, snapshot, found, err);
	if (target->kind == TARGET_NS_INODE)
		found->ns = snapshot_find_inode(snapshot, target->types, target->ino);
	else if (target->kind == TARGET_NS_ID)
		ret = find_id(target, snapshot, found, err);
	else
		ret = find_file(target, snapshot, found, err);
	if (ret < 0)
		return ret;
	if (found->ns != SNAPSHOT_NONE)
		return 0;
	if (target_refuse_type(snapshot, target, err))
		return -err->number;
	return set_not_found(snapshot, target->text, err);
}
