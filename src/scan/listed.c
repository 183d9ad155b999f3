/* What the kernel itself lists, whoever holds it. */
#include <errno.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "ns/uapi.h"
#include "proc/capabilities.h"
#include "scan/listed.h"
#include "scan/sources.h"

#define IDS_A_CALL 1024

static int add_listed(struct snapshot *snapshot, const struct ns *ns, uint64_t id)
{
	uint32_t index;
	int ret = snapshot_add_ns(snapshot, ns->type, ns->ino, &index);

	if (ret < 0)
		return ret;
	snapshot->namespaces[index].id = id;
	snapshot->namespaces[index].is_listed = true;
	return 0;
}

/* The neighbour of a mnt namespace in the kernel's list.  Returns 0 or a negative errno. */
static int open_neighbour(const struct ns *ns, unsigned long request, struct ns *neighbour)
{
	struct mnt_ns_info info = {.size = sizeof(info)};
	struct error ignored; /* only a namespace is what the call returns */
	int fd = ioctl(ns->fd, request, &info);

	neighbour->fd = -1;
	return fd < 0 ? -errno : ns_from_fd(fd, neighbour, &ignored);
}

int listed_walk_mnt(listed_fn *look, void *context)
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

static int add_mnt(struct ns *ns, void *context)
{
	return add_listed(context, ns, ns_read_id(ns));
}

struct listing {
	const struct scan_request *request;
	struct snapshot *snapshot;
	struct map by_id;   /* of what was known before */
	bool is_incomplete; /* something could not be opened: nothing is known of it but that it is there */
};

static int start_listing(struct listing *listing)
{
	for (uint32_t i = 0; i < listing->snapshot->ns_count; i++) {
		uint64_t id = listing->snapshot->namespaces[i].id;

		if (id != 0 && map_add(&listing->by_id, id, i) < 0)
			return -ENOMEM;
	}
	return 0;
}

static int add_id(struct listing *listing, uint64_t id)
{
	uint32_t known = map_find(&listing->by_id, id);
	AUTO_NS struct ns ns = NS_CLOSED;

	if (known != MAP_NONE) {
		listing->snapshot->namespaces[known].is_listed = true;
		return 0;
	}
	if (ns_open_id(id, &ns) < 0) {
		listing->is_incomplete = true; /* not this user's to open; or freed meanwhile */
		return 0;
	}
	if (!(scan_types(listing->request) & 1U << ns.type))
		return 0;
	return add_listed(listing->snapshot, &ns, id);
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
			int ret = add_id(listing, ids[i]);

			if (ret < 0)
				return ret;
			query.ns_id = ids[i];
		}
	} while (count == IDS_A_CALL);
	return 0;
}

/* To others the kernel does not list what only a mount of their own holds, for one. */
static bool sees_all(void)
{
	return capabilities_have(1ULL << CAP_SYS_ADMIN) && capabilities_check_initial_user_ns() == 0;
}

int scan_listed(const struct scan_request *request, struct snapshot *snapshot)
{
	struct listing listing = {.request = request, .snapshot = snapshot};
	int ret = list_all(&listing);

	map_free(&listing.by_id);
	if (ret == -ENOMEM)
		return ret;
	snapshot->is_listed = ret == 0 && !listing.is_incomplete && sees_all();
	if (ret < 0 && scan_types(request) & 1U << NS_MNT)
		return listed_walk_mnt(add_mnt, snapshot);
	return 0;
}
