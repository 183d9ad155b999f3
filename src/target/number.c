/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A namespace by number: net:[4026532281], 4026532281; or :412, its id. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"
#include "proc/capabilities.h"
#include "target/kind.h"

/* The hint depends on whether everything could be read. */
static int set_not_opened(const struct snapshot *snapshot, const char *what, struct error *err)
{
	error_set(err, ENOENT, "no namespace %s was found", what);
	if (target_hint_at_unseen(snapshot, err))
		return -err->number;
	/* The kernel answers ESTALE both for what is gone and for what this user may not open (Linux 6.18).
	 */
	if (capabilities_check_initial_user_ns() < 0)
		error_hint(err, "it is gone, or cannot be opened from this user namespace");
	else
		error_hint(err, "its last process may have ended");
	return -err->number;
}

static bool is_only_mounted(const struct snapshot_ns *ns)
{
	return ns->kinds == 1U << HOLDER_MOUNT;
}

/* A namespace cannot be opened by a mount that no path leads to. */
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
		return set_not_opened(snapshot, what, err);
	ret = scan_open_ns(snapshot, index, ns);
	if (ret == -ENOENT && is_only_mounted(&snapshot->namespaces[index]))
		return set_unreachable(snapshot, index, what, err);
	return ret < 0 ? error_set_errno(err, -ret, "cannot open namespace %s", what) : 0;
}

static bool parse_inode(const char *text, struct target *target)
{
	enum ns_type type;
	uint64_t number;

	if (process_parse_link(text, &type, &target->ino)) {
		target->types = 1U << type;
		return true;
	}
	if (!text_parse_number(text, UINT32_MAX, &number) || number <= PROCESS_PID_MAX)
		return false;
	target->ino = number;
	return true;
}

/* Finds the namespace, or reports that the inode is one of another type. */
static int find_inode(const struct target *target, const struct snapshot *snapshot,
		      struct found_target *found, struct error *err)
{
	uint32_t other = snapshot_find_inode(snapshot, NS_TYPE_SET_ALL, target->ino);
	const char *type;

	found->ns[0] = snapshot_find_inode(snapshot, target->types, target->ino);
	found->ns_count = 1;
	if (found->ns[0] != SNAPSHOT_NONE || other == SNAPSHOT_NONE)
		return 0;
	type = ns_type_name(snapshot->namespaces[other].type);
	error_set(err, ENOENT, "no namespace %.400s was found: %ju is %s %s namespace", target->text,
		  (uintmax_t)target->ino, type[0] == 'i' ? "an" : "a", type);
	return error_hint(err, "write %s:[%ju]", type, (uintmax_t)target->ino);
}

struct opening {
	const struct target *target;
	struct ns *ns;
};

static int open_in_snapshot(const struct snapshot *snapshot, void *context, struct error *err)
{
	struct opening *opening = context;
	struct found_target found = {0};
	int ret = find_inode(opening->target, snapshot, &found, err);

	return ret < 0 ? ret : open_found(snapshot, found.ns[0], opening->target->text, opening->ns, err);
}

static int open_inode(const struct target *target, enum engine engine, struct opened_target *opened,
		      struct error *err)
{
	const struct scan_request request = {.types = target->types, .engine = engine};
	struct opening opening = {.target = target, .ns = &opened->ns[0]};
	AUTO_SNAPSHOT struct snapshot snapshot = {0};
	int ret = target_scan_until(&request, open_in_snapshot, &opening, &snapshot, err);

	opened->ns_count = ret == 0 ? 1 : 0;
	return ret;
}

static bool parse_id(const char *text, struct target *target)
{
	return text_parse_number(text, UINT64_MAX, &target->id) && target->id != 0;
}

/* Checks whether this kernel has namespace ids at all.  Returns 0, or -ENOTTY with err. */
static int check_ids(uint64_t id, struct error *err)
{
	AUTO_NS struct ns own = NS_CLOSED;

	/* Without /proc, what comes next reports that. */
	if (ns_open_at(AT_FDCWD, "/proc/self/ns/net", &own) < 0 || ns_kernel_has_ids(&own))
		return 0;
	error_set(err, ENOTTY, "cannot open namespace :%" PRIu64, id);
	return error_hint(err, "namespace ids need Linux 6.18 or newer");
}

int target_open_ns_id(uint64_t id, enum engine engine, struct ns *ns, struct error *err)
{
	AUTO_SNAPSHOT struct snapshot snapshot = {0};
	struct scan_request request = SCAN_EVERYTHING;
	char what[32];
	int ret = check_ids(id, err);

	if (ret < 0 || ns_open_id(id, ns) == 0)
		return ret;
	snprintf(what, sizeof(what), ":%" PRIu64, id);
	request.engine = engine;
	ret = scan(&request, &snapshot, err);
	return ret < 0 ? ret : open_found(&snapshot, snapshot_find_id(&snapshot, id), what, ns, err);
}

static int open_id(const struct target *target, enum engine engine, struct opened_target *opened,
		   struct error *err)
{
	int ret = target_open_ns_id(target->id, engine, &opened->ns[0], err);

	opened->ns_count = ret == 0 ? 1 : 0;
	return ret;
}

static int find_ns_id(const struct target *target, const struct snapshot *snapshot,
		      struct found_target *found, struct error *err)
{
	found->ns[0] = snapshot_find_id(snapshot, target->id);
	found->ns_count = 1;
	return found->ns[0] == SNAPSHOT_NONE ? check_ids(target->id, err) : 0;
}

const struct target_row target_ns_inode = {
    .kind = TARGET_NS,
    .written = "net:[INODE], INODE",
    .needs = TARGET_NEEDS_TASKS_FIRST,
    .parse = parse_inode,
    .open = open_inode,
    .find = find_inode,
};

const struct target_row target_ns_id = {
    .kind = TARGET_NS,
    .prefix = ":",
    .written = ":ID",
    .needs = TARGET_NEEDS_EVERYTHING,
    .parse = parse_id,
    .open = open_id,
    .find = find_ns_id,
};

struct target target_of_inode(ns_type_set types, ino_t ino, const char *text)
{
	return (struct target){
	    .row = &target_ns_inode, .kind = TARGET_NS, .types = types, .ino = ino, .text = text};
}
