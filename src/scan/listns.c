/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The namespaces that system calls list, whatever holds them. */
#include <errno.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "ns/uapi.h"
#include "proc/capabilities.h"
#include "scan/listns.h"
#include "scan/sources.h"

#define IDS_A_CALL 1024

static int emit_listed_ns(const struct sink *sink, enum ns_type type, ino_t ino, uint64_t id)
{
	const struct sink_ns ns = {.type = type, .ino = ino, .id = id, .is_listed = true};

	return sink->add_ns(sink->context, &ns);
}

/* The neighbour of a mnt namespace in the kernel's list.  Returns 0 or a negative errno. */
static int open_neighbour(const struct ns *ns, unsigned long request, struct ns *neighbour)
{
	struct mnt_ns_info info = {.size = sizeof(info)};
	struct error ignored; /* the call returns a namespace, or nothing */
	int fd = ioctl(ns->fd, request, &info);

	neighbour->fd = -1;
	return fd < 0 ? -errno : ns_from_fd(fd, neighbour, &ignored);
}

int listns_walk_mnt(listns_fn *look, void *context)
{
	const unsigned long directions[] = {NS_MNT_GET_NEXT, NS_MNT_GET_PREV};

	for (size_t i = 0; i < sizeof(directions) / sizeof(directions[0]); i++) {
		AUTO_NS struct ns ns = NS_CLOSED;
		struct error ignored; /* without /proc there is nothing else either */
		int ret = ns_open_path("/proc/self/ns/mnt", &ns, &ignored);

		while (ret == 0) {
			struct ns neighbour;

			if (open_neighbour(&ns, directions[i], &neighbour) < 0)
				break;
			ns_close(&ns);
			ns = neighbour;
			ret = look(&ns, context);
		}
		if (ret != 0)
			return ret;
	}
	return 0;
}

static int emit_mnt(struct ns *ns, void *context)
{
	return emit_listed_ns(context, ns->type, ns->ino, ns_read_id(ns));
}

struct listing {
	const struct scan_request *request;
	const struct sink *sink;
	struct map by_id;   /* of the namespaces that were known before */
	bool is_incomplete; /* one could not be opened: only its id is known */
};

static int start_listing(struct listing *listing)
{
	const struct snapshot *known = listing->sink->known;

	for (uint32_t i = 0; i < known->ns_count; i++) {
		uint64_t id = known->namespaces[i].id;

		if (id != 0 && map_add(&listing->by_id, id, i) < 0)
			return -ENOMEM;
	}
	return 0;
}

static int emit_id(struct listing *listing, uint64_t id)
{
	uint32_t known = map_find(&listing->by_id, id);
	AUTO_NS struct ns ns = NS_CLOSED;

	if (known != MAP_NONE) {
		const struct snapshot_ns *listed = &listing->sink->known->namespaces[known];

		return emit_listed_ns(listing->sink, listed->type, listed->ino, id);
	}
	if (ns_open_id(id, &ns) < 0) {
		listing->is_incomplete = true; /* this user may not open it, or it was freed meanwhile */
		return 0;
	}
	if (!(scan_types(listing->request) & 1U << ns.type))
		return 0;
	return emit_listed_ns(listing->sink, ns.type, ns.ino, id);
}

/* Returns -ENOSYS before Linux 6.19. */
static int list_all(struct listing *listing)
{
	AUTO_FREE uint64_t *ids = calloc(IDS_A_CALL, sizeof(*ids));
	struct nsctl_ns_id_req query = {.size = sizeof(query)};
	long count;

	if (!ids || start_listing(listing) < 0)
		return -ENOMEM;
	do {
		count = syscall(NSCTL_SYS_LISTNS, &query, ids, IDS_A_CALL, 0);
		if (count < 0)
			return -errno;
		for (long i = 0; i < count; i++) {
			int ret = emit_id(listing, ids[i]);

			if (ret < 0)
				return ret;
			query.ns_id = ids[i];
		}
	} while (count == IDS_A_CALL);
	return 0;
}

/* For other callers the kernel leaves out namespaces kept only by a mount, for one. */
static bool sees_all(void)
{
	return capabilities_have(1ULL << CAP_SYS_ADMIN) && capabilities_check_initial_user_ns() == 0;
}

int scan_listns(const struct scan_request *request, const struct sink *sink)
{
	struct listing listing = {.request = request, .sink = sink};
	int ret = list_all(&listing);

	map_free(&listing.by_id);
	if (ret == -ENOMEM)
		return ret;
	sink->add_note(sink->context, NOTE_LISTED, ret == 0 && !listing.is_incomplete && sees_all());
	if (ret < 0 && scan_types(request) & 1U << NS_MNT)
		return listns_walk_mnt(emit_mnt, (void *)sink);
	return 0;
}
