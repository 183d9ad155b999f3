/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One request and its answer, without libmnl: Debian has no static one, and a
 * static program cannot load a shared one.
 */
#include "ns/netnsid.h"

#include <errno.h>
#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

struct request {
	struct nlmsghdr header;
	struct rtgenmsg message __attribute__((aligned(NLMSG_ALIGNTO)));
	struct rtattr attribute __attribute__((aligned(NLMSG_ALIGNTO)));
	uint32_t fd;
};

int netnsid_open(void)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	return fd < 0 ? -errno : fd;
}

/* RTA_NEXT() mixes signed and unsigned. */
static struct rtattr *next_attribute(struct rtattr *attribute, int *rest)
{
	size_t size = RTA_ALIGN((size_t)attribute->rta_len);

	*rest -= (int)size;
	return (struct rtattr *)((char *)attribute + size);
}

static int parse_answer(struct nlmsghdr *header, size_t length, int *netnsid)
{
	struct rtattr *attribute;
	int rest; /* the alignment may take it below 0 */

	if (!NLMSG_OK(header, length))
		return -EPROTO;
	if (header->nlmsg_type == NLMSG_ERROR && header->nlmsg_len >= NLMSG_LENGTH(sizeof(struct nlmsgerr)))
		return ((const struct nlmsgerr *)NLMSG_DATA(header))->error;
	if (header->nlmsg_type != RTM_NEWNSID || header->nlmsg_len < NLMSG_SPACE(sizeof(struct rtgenmsg)))
		return -EPROTO;
	attribute = (struct rtattr *)((char *)header + NLMSG_SPACE(sizeof(struct rtgenmsg)));
	rest = (int)(header->nlmsg_len - NLMSG_SPACE(sizeof(struct rtgenmsg)));
	for (; RTA_OK(attribute, rest); attribute = next_attribute(attribute, &rest)) {
		if (attribute->rta_type == NETNSA_NSID && RTA_PAYLOAD(attribute) == sizeof(*netnsid)) {
			memcpy(netnsid, RTA_DATA(attribute), sizeof(*netnsid));
			return 0;
		}
	}
	return -EPROTO;
}

int netnsid_read(int netlink_fd, const struct ns *ns, int *netnsid)
{
	struct request request = {
	    .header = {.nlmsg_len = sizeof(request), .nlmsg_type = RTM_GETNSID, .nlmsg_flags = NLM_F_REQUEST},
	    .message = {.rtgen_family = AF_UNSPEC},
	    .attribute = {.rta_len = RTA_LENGTH(sizeof(request.fd)), .rta_type = NETNSA_FD},
	    .fd = (uint32_t)ns->fd,
	};
	union {
		struct nlmsghdr header;
		char bytes[4096];
	} answer;
	ssize_t length;

	*netnsid = NETNSID_UNASSIGNED;
	if (send(netlink_fd, &request, sizeof(request), 0) < 0)
		return -errno;
	length = recv(netlink_fd, &answer, sizeof(answer), 0);
	return length < 0 ? -errno : parse_answer(&answer.header, (size_t)length, netnsid);
}
