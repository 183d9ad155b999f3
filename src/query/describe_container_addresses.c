/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bounded.h"
#include "base/cleanup.h"
#include "query/describe_container.h"

/* rtnetlink(7): the kernel fills no message of a dump beyond this. */
#define DUMP_SIZE ((size_t)32 << 10)

/* The result of a helper. */
struct found_addresses {
	size_t count;
	bool has_more;
	struct container_address items[ADDRESSES_MAX];
};

static void add_address(const struct nlmsghdr *message, struct found_addresses *found)
{
	const struct ifaddrmsg *body = NLMSG_DATA(message);
	size_t length = IFA_PAYLOAD(message);
	const void *bytes = NULL;
	struct container_address *address = &found->items[found->count];
	size_t size = body->ifa_family == AF_INET ? 4 : 16;

	/* IFA_ADDRESS is the peer's on a point-to-point interface, where IFA_LOCAL has its own. */
	for (const struct rtattr *attribute = IFA_RTA(body); RTA_OK(attribute, length);
	     attribute = RTA_NEXT(attribute, length)) {
		if (RTA_PAYLOAD(attribute) < size ||
		    (attribute->rta_type != IFA_LOCAL && (attribute->rta_type != IFA_ADDRESS || bytes)))
			continue;
		bytes = RTA_DATA(attribute);
	}
	if (!bytes || (body->ifa_family != AF_INET && body->ifa_family != AF_INET6))
		return;
	*address = (struct container_address){.family = body->ifa_family, .prefix = body->ifa_prefixlen};
	memcpy(address->bytes, bytes, size);
	/* "" where the interface has gone meanwhile. */
	if (!if_indextoname(body->ifa_index, address->interface))
		address->interface[0] = '\0';
	found->count++;
}

/* Returns 1 at the end of the dump, 0 to go on, or a negative errno. */
static int take_messages(const char *buffer, size_t length, struct found_addresses *found)
{
	const struct nlmsghdr *message = (const struct nlmsghdr *)buffer;

	for (; NLMSG_OK(message, length); message = NLMSG_NEXT(message, length)) {
		if (message->nlmsg_type == NLMSG_DONE)
			return 1;
		if (message->nlmsg_type == NLMSG_ERROR)
			return -EIO;
		found->has_more = found->count == ADDRESSES_MAX;
		if (found->has_more)
			return 1;
		if (message->nlmsg_type == RTM_NEWADDR)
			add_address(message, found);
	}
	return 0;
}

static int dump_addresses(struct found_addresses *found)
{
	const struct {
		struct nlmsghdr header;
		struct ifaddrmsg body;
	} request = {
	    .header = {.nlmsg_len = sizeof(request),
		       .nlmsg_type = RTM_GETADDR,
		       .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
	};
	AUTO_CLOSE int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	AUTO_FREE char *buffer = malloc(DUMP_SIZE);
	int ret = 0;

	if (!buffer)
		return -ENOMEM;
	if (fd < 0 || send(fd, &request, sizeof(request), 0) < 0)
		return -errno;
	while (ret == 0) {
		ssize_t length = recv(fd, buffer, DUMP_SIZE, 0);

		ret = length < 0 ? -errno : take_messages(buffer, (size_t)length, found);
	}
	return ret < 0 ? ret : 0;
}

struct net_entry {
	int net_fd;
	int user_fd; /* -1: it is the caller's user namespace */
};

/*
 * The owner of a user namespace, who made the container, has the privileges to enter it.
 * Root inside could then trace this process, if the container is in its pid namespace: it
 * is still in the caller's mnt namespace.
 */
static int enter_net(const struct net_entry *entry)
{
	if (setns(entry->net_fd, CLONE_NEWNET) == 0)
		return 0;
	if (errno != EPERM || entry->user_fd < 0)
		return -errno;
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 || setns(entry->user_fd, CLONE_NEWUSER) < 0 ||
	    setns(entry->net_fd, CLONE_NEWNET) < 0)
		return -errno;
	return 0;
}

static int read_addresses_inside(size_t item, struct bounded_reply *reply, void *context)
{
	struct found_addresses *found = bounded_reserve(reply, sizeof(*found));
	int ret = found ? enter_net(context) : -ENOMEM;

	(void)item;
	if (ret < 0)
		return ret;
	found->count = 0;
	found->has_more = false;
	return dump_addresses(found);
}

/* No file has the addresses with their interfaces: a helper joins the namespace. */
static int read_in_helper(struct net_entry *entry, struct container_addresses *addresses)
{
	AUTO_BOUNDED struct bounded answers = {0};
	const int keep[] = {entry->net_fd, entry->user_fd};
	const struct bounded_job job = {
	    .count = 1,
	    .limit = sizeof(struct found_addresses),
	    .items_per_helper = 1,
	    .work = read_addresses_inside,
	    .context = entry,
	    .keep = keep,
	    .keep_count = entry->user_fd < 0 ? 1 : 2,
	};
	long ret = bounded_run(&job, NULL, &answers);
	int status = ret < 0 ? (int)ret : bounded_status(&answers, 0);
	const struct found_addresses *found;
	size_t size;

	if (status != 0)
		return status == BOUNDED_NO_ANSWER ? -ETIMEDOUT : status;
	found = bounded_data(&answers, 0, &size);
	if (!found)
		return -EIO;
	addresses->has_more = found->has_more;
	addresses->items = calloc(found->count + 1, sizeof(*addresses->items));
	if (!addresses->items)
		return -ENOMEM;
	addresses->count = found->count;
	memcpy(addresses->items, found->items, found->count * sizeof(*addresses->items));
	return 0;
}

int container_read_addresses(const struct process *process, struct container_addresses *addresses)
{
	AUTO_NS struct ns net = NS_CLOSED;
	AUTO_NS struct ns user = NS_CLOSED;
	struct process_links own;
	struct net_entry entry;
	int ret = process_open_ns(process, NS_LINK_NET, &net);

	process_read_own_links(&own);
	addresses->reason = -ret;
	if (ret < 0)
		return ret == -ENOMEM ? ret : 0;
	addresses->shares_namespace = net.ino == own.ino[NS_LINK_NET];
	if (addresses->shares_namespace)
		return 0;
	if (process_open_ns(process, NS_LINK_USER, &user) < 0 || user.ino == own.ino[NS_LINK_USER])
		ns_close(&user);
	entry = (struct net_entry){.net_fd = net.fd, .user_fd = user.fd};
	ret = read_in_helper(&entry, addresses);
	addresses->reason = -ret;
	return ret == -ENOMEM ? ret : 0;
}
