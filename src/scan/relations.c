/* Ids, owners and parents; namespaces that are known only as such. */
#include <errno.h>

#include "base/cleanup.h"
#include "ns/netnsid.h"

#include "scan/sources.h"

struct reading {
	struct snapshot *snapshot;
	int netlink_fd; /* -1: the numbers of net namespaces are not wanted, or cannot be had */
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

static int read_one(const struct reading *reading, uint32_t index, const struct ns *ns);

/*
 * related: what was opened, or not.  Where it is new, nothing else leads to
 * it: what is to know of it is read at once.  User and pid namespaces nest at
 * most 32 deep, and so does this.
 */
static int relate(const struct reading *reading, uint32_t index, int opened, const struct ns *related,
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
		ret = read_one(reading, relation->ns, related);
	return ret;
}

static int relate_owner(const struct reading *reading, uint32_t index, const struct ns *ns)
{
	AUTO_NS struct ns owner = NS_CLOSED;
	struct snapshot_relation relation;
	struct snapshot_ns *about;
	int opened = ns_open_owner(ns, &owner);
	int ret = relate(reading, index, opened, &owner, &relation);

	if (ret < 0)
		return ret;
	about = &reading->snapshot->namespaces[index];
	about->owner = relation;
	if (ns->type == NS_USER)
		about->has_creator = ns_read_owner_uid(ns, &about->creator) == 0;
	else if (opened == 0)
		about->has_creator = ns_read_owner_uid(&owner, &about->creator) == 0;
	return 0;
}

static int relate_parent(const struct reading *reading, uint32_t index, const struct ns *ns)
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

static void read_netnsid(const struct reading *reading, uint32_t index, const struct ns *ns)
{
	struct snapshot_ns *about = &reading->snapshot->namespaces[index];

	if (ns->type == NS_NET && reading->netlink_fd >= 0)
		about->has_netnsid = netnsid_read(reading->netlink_fd, ns, &about->netnsid) == 0;
}

static int read_one(const struct reading *reading, uint32_t index, const struct ns *ns)
{
	int ret;

	if (reading->snapshot->namespaces[index].id == 0)
		reading->snapshot->namespaces[index].id = ns_read_id(ns);
	read_netnsid(reading, index, ns);
	ret = relate_owner(reading, index, ns);
	return ret < 0 ? ret : relate_parent(reading, index, ns);
}

int scan_relations(const struct scan_request *request, struct snapshot *snapshot)
{
	AUTO_CLOSE int netlink_fd = request->netnsids ? netnsid_open() : -1;
	const struct reading reading = {.snapshot = snapshot, .netlink_fd = netlink_fd};
	size_t known = snapshot->ns_count; /* those that come on the way are read on the way */

	for (uint32_t i = 0; i < known; i++) {
		AUTO_NS struct ns ns = NS_CLOSED;
		int ret;

		if (scan_open_ns(snapshot, i, &ns) < 0)
			continue; /* gone meanwhile, or not this user's to open: unknown */
		ret = read_one(&reading, i, &ns);
		if (ret < 0)
			return ret;
	}
	return 0;
}
