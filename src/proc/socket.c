/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "proc/socket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#define IPPROTO_MPTCP_NUMBER 262 /* IPPROTO_MPTCP, Linux 5.6 */

union address {
	struct sockaddr any;
	struct sockaddr_in ip4;
	struct sockaddr_in6 ip6;
	struct sockaddr_un local;
	struct sockaddr_storage storage;
};

static int get_option(int fd, int option)
{
	int value = -1;
	socklen_t length = sizeof(value);

	return getsockopt(fd, SOL_SOCKET, option, &value, &length) < 0 ? -1 : value;
}

static const char *inet_protocol(int fd)
{
	switch (get_option(fd, SO_PROTOCOL)) {
	case IPPROTO_TCP:
		return "tcp";
	case IPPROTO_UDP:
		return "udp";
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return "icmp";
	case IPPROTO_SCTP:
		return "sctp";
	case IPPROTO_MPTCP_NUMBER:
		return "mptcp";
	default:
		return get_option(fd, SO_TYPE) == SOCK_RAW ? "raw" : "ip";
	}
}

static const char *protocol(int fd, int domain)
{
	switch (domain) {
	case AF_INET:
	case AF_INET6:
		return inet_protocol(fd);
	case AF_UNIX:
		return "unix";
	case AF_NETLINK:
		return "netlink";
	case AF_PACKET:
		return "packet";
	case AF_VSOCK:
		return "vsock";
	default:
		return "socket";
	}
}

/* An unbound unix socket has no path; a path in the abstract namespace starts with NUL. */
static void format_local(const struct sockaddr_un *address, socklen_t length, char *text, size_t size)
{
	size_t path = offsetof(struct sockaddr_un, sun_path);
	bool is_abstract = length > path && address->sun_path[0] == '\0';

	text[0] = '\0';
	if (length > path)
		snprintf(text, size, "%s%.*s", is_abstract ? "@" : "", (int)(length - path - is_abstract),
			 address->sun_path + is_abstract);
}

static void format_address(const union address *address, socklen_t length, char *text, size_t size)
{
	char host[INET6_ADDRSTRLEN];

	text[0] = '\0';
	if (address->any.sa_family == AF_UNIX)
		format_local(&address->local, length, text, size);
	else if (address->any.sa_family == AF_INET &&
		 inet_ntop(AF_INET, &address->ip4.sin_addr, host, sizeof(host)))
		snprintf(text, size, "%s:%u", host, ntohs(address->ip4.sin_port));
	else if (address->any.sa_family == AF_INET6 &&
		 inet_ntop(AF_INET6, &address->ip6.sin6_addr, host, sizeof(host)))
		snprintf(text, size, "[%s]:%u", host, ntohs(address->ip6.sin6_port));
}

void socket_describe(int fd, char *text, size_t size)
{
	union address local = {0};
	union address peer = {0};
	socklen_t local_length = sizeof(local);
	socklen_t peer_length = sizeof(peer);
	char own[160] = "";
	char other[160] = "";

	if (getsockname(fd, &local.any, &local_length) == 0)
		format_address(&local, local_length, own, sizeof(own));
	if (getpeername(fd, &peer.any, &peer_length) == 0)
		format_address(&peer, peer_length, other, sizeof(other));
	snprintf(text, size, "%s%s%s%s%s%s", protocol(fd, get_option(fd, SO_DOMAIN)), own[0] ? " " : "", own,
		 other[0] ? " to " : "", other, get_option(fd, SO_ACCEPTCONN) == 1 ? " listening" : "");
}
