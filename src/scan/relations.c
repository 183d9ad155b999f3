/* Ids, owners and parents; namespaces that are known only as such. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "ns/netnsid.h"

#include "scan/listed.h"
#include "scan/sources.h"

struct pending {
	uint32_t index;
	struct ns ns;
};

struct reading {
	struct snapshot *snapshot;
	bool has_no_ids; /* of mnt namespaces: this kernel has none */
	int netlink_fd;  /* -1: the numbers of net namespaces are not wanted, or cannot be had */
	/* Opened as an owner or parent, and new: nothing else leads to these. */
	struct pending *pending;
	size_t pending_count;
	size_t pending_capacity;
};

/* The kernel answers EPERM for "none" and for "outside" alike; see ioctl_ns(2). */
static enum relation_state state_of(int opened, const struct snapshot_ns *ns)
{
	if (opened == 0)
		return RELATION_KNOWN;
	if (opened != -EPERM)
		return RELATION_UNKNOWN;
	return ns_is_initial(ns->type, ns->ino) ? RELATION_NONE : RELATION_OUTSIDE;
}

/* Takes ns over. */
static int add_pending(struct reading *reading, uint32_t index, struct ns *ns)
{
	struct pending *larger = array_reserve(reading->pending, &reading->pending_capacity,
					       reading->pending_count, sizeof(*larger));

	if (!larger)
		return -ENOMEM;
	reading->pending = larger;
	larger[reading->pending_count++] = (struct pending){.index = index, .ns = *ns};
	*ns = NS_CLOSED;
	return 0;
}

/* related: what was opened, or not. */
static int relate(struct reading *reading, uint32_t index, int opened, struct ns *related,
		  struct snapshot_relation *relation)
{
	struct snapshot *snapshot = reading->snapshot;
	size_t known = snapshot->ns_count;
	int ret;

	relation->state = state_of(opened, &snapshot->namespaces[index]);
	relation->ns = SNAPSHOT_NONE;
	if (relation->state != RELATION_KNOWN)
		return 0;
	ret = snapshot_add_ns(snapshot, related->type, related->ino, &relation->ns);
	if (ret == 0 && snapshot->ns_count > known)
		ret = add_pending(reading, relation->ns, related);
	return ret;
}

static int relate_owner(struct reading *reading, uint32_t index, const struct ns *ns)
{
	AUTO_NS struct ns owner = NS_CLOSED;
	struct snapshot_relation relation;
	struct snapshot_ns *about;
	int opened = ns_open_owner(ns, &owner);
	uid_t creator = 0;
	bool has_creator = false;
	int ret;

	if (ns->type == NS_USER)
		has_creator = ns_read_owner_uid(ns, &creator) == 0;
	else if (opened == 0)
		has_creator = ns_read_owner_uid(&owner, &creator) == 0;
	ret = relate(reading, index, opened, &owner, &relation);
	if (ret < 0)
		return ret;
	about = &reading->snapshot->namespaces[index];
	about->owner = relation;
	about->creator = creator;
	about->has_creator = has_creator;
	return 0;
}

static int relate_parent(struct reading *reading, uint32_t index, const struct ns *ns)
{
	AUTO_NS struct ns parent = NS_CLOSED;
	struct snapshot_relation relation = {.state = RELATION_NONE, .ns = SNAPSHOT_NONE};
	int ret = 0;

	if (ns->type == NS_PID || ns->type == NS_USER)
		ret = relate(reading, index, ns_open_parent(ns, &parent), &parent, &relation);
	if (ret == 0)
		reading->snapshot->namespaces[index].parent = relation;
	return ret;
}

static void read_netnsid(struct reading *reading, uint32_t index, const struct ns *ns)
{
	struct snapshot_ns *about = &reading->snapshot->namespaces[index];

	if (ns->type == NS_NET && reading->netlink_fd >= 0)
		about->has_netnsid = netnsid_read(reading->netlink_fd, ns, &about->netnsid) == 0;
}

static int read_one(struct reading *reading, uint32_t index, const struct ns *ns)
{
	int ret;

	if (reading->snapshot->namespaces[index].id == 0)
		reading->snapshot->namespaces[index].id = ns_read_id(ns);
	read_netnsid(reading, index, ns);
	ret = relate_owner(reading, index, ns);
	return ret < 0 ? ret : relate_parent(reading, index, ns);
}

static int read_pending(struct reading *reading)
{
	int ret = 0;

	while (reading->pending_count > 0 && ret == 0) {
		struct pending next = reading->pending[--reading->pending_count];

		ret = read_one(reading, next.index, &next.ns);
		ns_close(&next.ns);
	}
	return ret;
}

/* An engine may have told the relations already, but never the number of a net namespace. */
static bool is_read(const struct reading *reading, const struct snapshot_ns *ns)
{
	if (ns->parent.state == RELATION_UNKNOWN)
		return false;
	/* From Linux 6.11 to 6.17 mnt namespaces alone have an id, and BPF does not tell it. */
	if (ns->type == NS_MNT && ns->id == 0 && !reading->has_no_ids)
		return false;
	return ns->type != NS_NET || reading->netlink_fd < 0 || ns->has_netnsid;
}

static int read_listed(struct ns *ns, void *context)
{
	struct reading *reading = context;
	uint32_t index = snapshot_find_ns(reading->snapshot, ns->type, ns->ino);

	if (index == SNAPSHOT_NONE || reading->snapshot->namespaces[index].first_task != SNAPSHOT_NONE)
		return 0;
	return read_one(reading, index, ns);
}

/* All that only the kernel's list leads to, in one walk along it; each by itself would take a walk each. */
static int read_all_listed(struct reading *reading)
{
	for (size_t i = 0; i < reading->snapshot->ns_count; i++) {
		const struct snapshot_ns *ns = &reading->snapshot->namespaces[i];

		if (ns->type == NS_MNT && ns->is_listed && ns->first_task == SNAPSHOT_NONE)
			return listed_walk_mnt(read_listed, reading);
	}
	return 0;
}

static int read_all(struct reading *reading)
{
	size_t known = reading->snapshot->ns_count; /* what comes on the way is read on the way */
	int ret = read_all_listed(reading);

	if (ret == 0)
		ret = read_pending(reading);
	for (uint32_t i = 0; i < known && ret == 0; i++) {
		AUTO_NS struct ns ns = NS_CLOSED;

		if (is_read(reading, &reading->snapshot->namespaces[i]))
			continue;
		if (scan_open_ns(reading->snapshot, i, &ns) < 0)
			continue; /* gone meanwhile, or not this user's to open: unknown */
		ret = read_one(reading, i, &ns);
		if (ret == 0)
			ret = read_pending(reading);
	}
	return ret;
}

static bool has_no_mnt_ids(void)
{
	AUTO_NS struct ns own = NS_CLOSED;

	return ns_open_at(AT_FDCWD, "/proc/self/ns/mnt", &own) < 0 || ns_read_id(&own) == 0;
}

int scan_relations(const struct scan_request *request, struct snapshot *snapshot)
{
	AUTO_CLOSE int netlink_fd = request->netnsids ? netnsid_open() : -1;
	struct reading reading = {
	    .snapshot = snapshot, .netlink_fd = netlink_fd, .has_no_ids = has_no_mnt_ids()};
	int ret = read_all(&reading);

	while (reading.pending_count > 0)
		ns_close(&reading.pending[--reading.pending_count].ns);
	free(reading.pending);
	return ret;
}
