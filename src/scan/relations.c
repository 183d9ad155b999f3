/* Ids, owners and parents; namespaces that are known only as such. */
#include <errno.h>

#include "scan/sources.h"

/* The kernel answers EPERM for "none" and for "outside" alike; see ioctl_ns(2). */
static enum relation_state state_of(int opened, const struct snapshot_ns *ns)
{
	if (opened == 0)
		return RELATION_KNOWN;
	if (opened != -EPERM)
		return RELATION_UNKNOWN;
	return ns_is_initial(ns->type, ns->ino) ? RELATION_NONE : RELATION_OUTSIDE;
}

static int read_relations(struct snapshot *snapshot, uint32_t index, const struct ns *ns);

/*
 * related: what was opened, or not.  Where it is new, nothing else leads to
 * it: what is to know of it is read at once.  User and pid namespaces nest at
 * most 32 deep, and so does this.
 */
static int relate(struct snapshot *snapshot, uint32_t index, int opened, const struct ns *related,
		  struct snapshot_relation *relation)
{
	size_t known = snapshot->ns_count;
	int ret;

	relation->state = state_of(opened, &snapshot->namespaces[index]);
	relation->ns = SNAPSHOT_NONE;
	if (relation->state != RELATION_KNOWN)
		return 0;
	ret = snapshot_add_ns(snapshot, related->type, related->ino, &relation->ns);
	if (ret == 0 && snapshot->ns_count > known)
		ret = read_relations(snapshot, relation->ns, related);
	return ret;
}

static int relate_owner(struct snapshot *snapshot, uint32_t index, const struct ns *ns)
{
	AUTO_NS struct ns owner = NS_CLOSED;
	struct snapshot_relation relation;
	struct snapshot_ns *about;
	int opened = ns_open_owner(ns, &owner);
	int ret = relate(snapshot, index, opened, &owner, &relation);

	if (ret < 0)
		return ret;
	about = &snapshot->namespaces[index];
	about->owner = relation;
	if (ns->type == NS_USER)
		about->has_creator = ns_read_owner_uid(ns, &about->creator) == 0;
	else if (opened == 0)
		about->has_creator = ns_read_owner_uid(&owner, &about->creator) == 0;
	return 0;
}

static int relate_parent(struct snapshot *snapshot, uint32_t index, const struct ns *ns)
{
	AUTO_NS struct ns parent = NS_CLOSED;
	struct snapshot_relation relation = {.state = RELATION_NONE, .ns = SNAPSHOT_NONE};
	int ret = 0;

	if (ns->type == NS_PID || ns->type == NS_USER)
		ret = relate(snapshot, index, ns_open_parent(ns, &parent), &parent, &relation);
	if (ret == 0)
		snapshot->namespaces[index].parent = relation;
	return ret;
}

static int read_relations(struct snapshot *snapshot, uint32_t index, const struct ns *ns)
{
	int ret;

	if (snapshot->namespaces[index].id == 0)
		snapshot->namespaces[index].id = ns_read_id(ns);
	ret = relate_owner(snapshot, index, ns);
	return ret < 0 ? ret : relate_parent(snapshot, index, ns);
}

int scan_relations(const struct scan_request *request, struct snapshot *snapshot)
{
	size_t known = snapshot->ns_count; /* those that come on the way are read on the way */

	(void)request;
	for (uint32_t i = 0; i < known; i++) {
		AUTO_NS struct ns ns = NS_CLOSED;
		int ret;

		if (scan_open_ns(snapshot, i, &ns) < 0)
			continue; /* gone meanwhile, or not this user's to open: unknown */
		ret = read_relations(snapshot, i, &ns);
		if (ret < 0)
			return ret;
	}
	return 0;
}
