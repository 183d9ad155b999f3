/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ids, owners and parents; namespaces that are known only as such. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "ns/netnsid.h"
#include "scan/listns.h"
#include "scan/open_ns.h"
#include "scan/sources.h"

/* A helper takes as long to start as a few namespaces to read. */
#define NAMESPACES_PER_HELPER 64
/* User and pid namespaces nest at most 32 deep: the chain of one may have all above it. */
#define MAX_ABOVE 80
#define NETLINK_CLOSED (-1)

/* A namespace, and those above it that nothing else leads to. */
struct found_chain {
	struct sink_ns found[MAX_ABOVE];
	struct ns pending[MAX_ABOVE]; /* not read yet */
	size_t count;
	size_t pending_count;
};

/* Each helper has a copy. */
struct reading {
	const struct snapshot *snapshot;
	const struct descendants *descendants; /* of the snapshot */
	const uint32_t *queue;                 /* the namespaces to read, by item */
	bool wants_netnsids;
	int netlink_fd; /* of each helper its own; NETLINK_CLOSED: not open yet */
};

static bool is_in_chain(const struct found_chain *chain, const struct ns *ns)
{
	for (size_t i = 0; i < chain->count; i++) {
		if (chain->found[i].type == ns->type && chain->found[i].ino == ns->ino)
			return true;
	}
	for (size_t i = 0; i < chain->pending_count; i++) {
		if (ns_is_same(&chain->pending[i], ns))
			return true;
	}
	return false;
}

/* Keeps ns, an owner or a parent, if nothing else leads to it. */
static void keep_related(const struct reading *reading, struct found_chain *chain, struct ns *ns)
{
	if (ns->fd < 0 || snapshot_find_ns(reading->snapshot, ns->type, ns->ino) != SNAPSHOT_NONE ||
	    is_in_chain(chain, ns) || chain->count + chain->pending_count >= MAX_ABOVE)
		return;
	chain->pending[chain->pending_count++] = *ns;
	*ns = NS_CLOSED;
}

static void read_owner(const struct reading *reading, struct found_chain *chain, const struct ns *ns,
		       struct sink_ns *found)
{
	AUTO_NS struct ns owner = NS_CLOSED;

	found->owner = ns_read_owner(ns, &owner);
	if (ns->type == NS_USER || owner.fd >= 0)
		found->has_creator =
		    ns_read_owner_uid(ns->type == NS_USER ? ns : &owner, &found->creator) == 0;
	keep_related(reading, chain, &owner);
}

static void read_parent(const struct reading *reading, struct found_chain *chain, const struct ns *ns,
			struct sink_ns *found)
{
	AUTO_NS struct ns parent = NS_CLOSED;

	found->parent = ns_read_parent(ns, &parent);
	keep_related(reading, chain, &parent);
}

static void read_netnsid(struct reading *reading, const struct ns *ns, struct sink_ns *found)
{
	if (ns->type != NS_NET || !reading->wants_netnsids)
		return;
	if (reading->netlink_fd == NETLINK_CLOSED)
		reading->netlink_fd = netnsid_open();
	found->has_netnsid =
	    reading->netlink_fd >= 0 && netnsid_read(reading->netlink_fd, ns, &found->netnsid) == 0;
}

static void read_one(struct reading *reading, struct found_chain *chain, const struct ns *ns)
{
	struct sink_ns *found = &chain->found[chain->count];

	*found = (struct sink_ns){.type = ns->type, .ino = ns->ino, .id = ns_read_id(ns)};
	chain->count++;
	read_netnsid(reading, ns, found);
	read_owner(reading, chain, ns, found);
	read_parent(reading, chain, ns, found);
}

static void read_chain(struct reading *reading, struct found_chain *chain, const struct ns *ns)
{
	chain->count = chain->pending_count = 0;
	read_one(reading, chain, ns);
	while (chain->pending_count > 0) {
		AUTO_NS struct ns next = chain->pending[--chain->pending_count];

		read_one(reading, chain, &next);
	}
}

static int read_relations_of_ns(size_t item, struct bounded_reply *reply, void *context)
{
	struct reading *reading = context;
	AUTO_NS struct ns ns = NS_CLOSED;
	struct found_chain chain;
	int ret = scan_open_ns_in_helper(reading->snapshot, reading->descendants, reading->queue[item], &ns);

	if (ret < 0)
		return ret;
	read_chain(reading, &chain, &ns);
	return bounded_store(reply, chain.found, chain.count * sizeof(*chain.found)) ? 0 : -ENOMEM;
}

static int emit_chain(const struct sink *sink, const struct sink_ns *found, size_t count)
{
	int ret = 0;

	for (size_t i = 0; i < count && ret == 0; i++)
		ret = sink->add_ns(sink->context, &found[i]);
	return ret;
}

/* A BPF record is complete except for netnsids, and for ids before Linux 6.18. */
static bool is_read(const struct snapshot_ns *ns, bool wants_netnsids, bool has_mnt_ids)
{
	if (ns->parent.state == RELATION_UNKNOWN)
		return false;
	/* From Linux 6.11 to 6.17 mnt namespaces alone have an id, and BPF does not report it. */
	if (ns->type == NS_MNT && ns->id == 0 && has_mnt_ids)
		return false;
	return ns->type != NS_NET || !wants_netnsids || ns->has_netnsid;
}

struct listed {
	struct reading reading;
	const struct sink *sink;
};

static int read_listed_relations(struct ns *ns, void *context)
{
	struct listed *listed = context;
	const struct snapshot *known = listed->sink->known;
	uint32_t index = snapshot_find_ns(known, ns->type, ns->ino);
	struct found_chain chain;

	if (index == SNAPSHOT_NONE || known->namespaces[index].first_task != SNAPSHOT_NONE)
		return 0;
	read_chain(&listed->reading, &chain, ns);
	return emit_chain(listed->sink, chain.found, chain.count);
}

/* Reads all namespaces that only the kernel's list leads to in one walk along it. */
static int read_all_listed(const struct sink *sink)
{
	struct listed listed = {.reading = {.snapshot = sink->known}, .sink = sink};

	for (size_t i = 0; i < sink->known->ns_count; i++) {
		const struct snapshot_ns *ns = &sink->known->namespaces[i];

		if (ns->type == NS_MNT && ns->is_listed && ns->first_task == SNAPSHOT_NONE)
			return listns_walk_mnt(read_listed_relations, &listed);
	}
	return 0;
}

static bool has_mnt_ids(void)
{
	AUTO_NS struct ns own = NS_CLOSED;

	return ns_open_at(AT_FDCWD, "/proc/self/ns/mnt", &own) == 0 && ns_read_id(&own) != 0;
}

static size_t queue_unrelated(const struct snapshot *snapshot, bool wants_netnsids, uint32_t *queue)
{
	bool with_ids = has_mnt_ids();
	size_t count = 0;

	for (uint32_t i = 0; i < snapshot->ns_count; i++) {
		if (!is_read(&snapshot->namespaces[i], wants_netnsids, with_ids))
			queue[count++] = i;
	}
	return count;
}

/* A namespace that cannot be opened was freed meanwhile, or is not accessible: its relations stay unknown. */
static int read_relation_queue(const struct sink *sink, bool wants_netnsids, const uint32_t *queue,
			       size_t count)
{
	AUTO_BOUNDED struct bounded answers = {0};
	AUTO_DESCENDANTS struct descendants descendants = {0};
	struct reading reading = {.snapshot = sink->known,
				  .descendants = &descendants,
				  .queue = queue,
				  .wants_netnsids = wants_netnsids,
				  .netlink_fd = NETLINK_CLOSED};
	const struct bounded_job job = {
	    .count = count,
	    .limit = MAX_ABOVE * sizeof(struct sink_ns),
	    .items_per_helper = NAMESPACES_PER_HELPER,
	    .work = read_relations_of_ns,
	    .context = &reading,
	};
	int ret = descendants_open(sink->known, &descendants);

	if (ret < 0)
		return ret;
	unanswered_run(sink->known->unanswered, UNANSWERED_NS, &job, &answers);
	for (size_t i = 0; i < count && ret == 0; i++) {
		size_t size;
		const struct sink_ns *found = bounded_data(&answers, i, &size);

		ret = emit_chain(sink, found, size / sizeof(*found));
	}
	return ret;
}

int scan_relations(const struct scan_request *request, const struct sink *sink)
{
	AUTO_FREE uint32_t *queue = NULL;
	int ret = read_all_listed(sink);

	if (ret < 0)
		return ret;
	queue = calloc(sink->known->ns_count + 1, sizeof(*queue));
	if (!queue)
		return -ENOMEM;
	return read_relation_queue(sink, request->netnsids, queue,
				   queue_unrelated(sink->known, request->netnsids, queue));
}
