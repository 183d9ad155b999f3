#include "scan/record_ns.h"

#include <errno.h>
#include <sys/stat.h>

int record_context_start(struct record_context *context)
{
	struct stat st;

	if (stat("/proc/self/ns/pid", &st) < 0)
		return -errno;
	context->own_pid_ns = st.st_ino;
	return 0;
}

/* Whoever is in the initial user namespace sees every owner. */
static int relate_owner(const struct record_context *context, uint32_t index, const struct record_ns *record)
{
	struct snapshot_relation owner = {.state = RELATION_NONE, .ns = SNAPSHOT_NONE};

	if (record->owner != 0) {
		owner.state = RELATION_KNOWN;
		if (snapshot_add_ns(context->snapshot, NS_USER, record->owner, &owner.ns) < 0)
			return -ENOMEM;
	}
	context->snapshot->namespaces[index].owner = owner;
	return 0;
}

/* As ioctl_ns(2) would have it: what lies above the caller's own pid namespace is left out. */
static int relate_parent(const struct record_context *context, uint32_t index, const struct record_ns *record)
{
	struct snapshot_relation parent = {.state = RELATION_NONE, .ns = SNAPSHOT_NONE};
	enum ns_type type = context->snapshot->namespaces[index].type;
	uint32_t ino = type == NS_USER ? record->owner : record->parent;

	if (ino != 0 && type == NS_PID && record->inum == context->own_pid_ns) {
		parent.state = RELATION_OUTSIDE;
	} else if (ino != 0 && (type == NS_PID || type == NS_USER)) {
		parent.state = RELATION_KNOWN;
		if (snapshot_add_ns(context->snapshot, type, ino, &parent.ns) < 0)
			return -ENOMEM;
	}
	context->snapshot->namespaces[index].parent = parent;
	return 0;
}

int record_describe_ns(const struct record_context *context, uint32_t index, const struct record_ns *record)
{
	struct snapshot_ns *ns = &context->snapshot->namespaces[index];
	int ret;

	if (ns->parent.state != RELATION_UNKNOWN)
		return 0;
	ns->id = record->id;
	if (!context->request->relations)
		return 0;
	ns->creator = record->creator;
	ns->has_creator = true;
	ret = relate_owner(context, index, record);
	return ret < 0 ? ret : relate_parent(context, index, record);
}
