/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One descriptor, opened in a helper and passed back. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bounded.h"
#include "base/cleanup.h"

struct opening {
	bounded_open_fn *open_it;
	void *context;
	int socket;
};

union control {
	struct cmsghdr head;
	char space[CMSG_SPACE(sizeof(int))];
};

static int send_descriptor(int socket_fd, int fd)
{
	char byte = 0;
	struct iovec data = {.iov_base = &byte, .iov_len = 1};
	union control control = {0};
	struct msghdr message = {
	    .msg_iov = &data,
	    .msg_iovlen = 1,
	    .msg_control = &control,
	    .msg_controllen = sizeof(control.space),
	};
	struct cmsghdr *head = CMSG_FIRSTHDR(&message);

	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(head), &fd, sizeof(int));
	return sendmsg(socket_fd, &message, 0) < 0 ? -errno : 0;
}

static int receive_descriptor(int socket_fd)
{
	char byte;
	struct iovec data = {.iov_base = &byte, .iov_len = 1};
	union control control = {0};
	struct msghdr message = {
	    .msg_iov = &data,
	    .msg_iovlen = 1,
	    .msg_control = &control,
	    .msg_controllen = sizeof(control.space),
	};
	const struct cmsghdr *head;
	int fd;

	if (recvmsg(socket_fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) < 0)
		return -errno;
	head = CMSG_FIRSTHDR(&message);
	/* Without a free descriptor the kernel delivers none. */
	if (!head || head->cmsg_type != SCM_RIGHTS || head->cmsg_len < CMSG_LEN(sizeof(int)))
		return -EMFILE;
	memcpy(&fd, CMSG_DATA(head), sizeof(int));
	return fd;
}

static int open_and_send(size_t item, struct bounded_reply *reply, void *context)
{
	const struct opening *opening = context;
	AUTO_CLOSE int fd = opening->open_it(opening->context);

	(void)item;
	(void)reply;
	return fd < 0 ? fd : send_descriptor(opening->socket, fd);
}

int bounded_open(bounded_open_fn *open_it, void *context, const int *keep, size_t keep_count,
		 struct patience *patience)
{
	AUTO_BOUNDED struct bounded answers = {0};
	struct opening opening = {.open_it = open_it, .context = context};
	struct bounded_job job = {
	    .count = 1, .items_per_helper = 1, .work = open_and_send, .context = &opening};
	AUTO_CLOSE int here = -1;
	AUTO_CLOSE int there = -1;
	int kept[BOUNDED_KEEP_MAX + 1];
	int pair[2];
	long ret;

	if (keep_count > BOUNDED_KEEP_MAX)
		return -EINVAL;
	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair) < 0)
		return -errno;
	here = pair[0];
	there = opening.socket = pair[1];
	if (keep_count > 0)
		memcpy(kept, keep, keep_count * sizeof(*keep));
	kept[keep_count] = there;
	job.keep = kept;
	job.keep_count = keep_count + 1;
	ret = bounded_run(&job, patience, &answers);
	if (ret < 0)
		return (int)ret;
	ret = bounded_status(&answers, 0);
	if (ret == BOUNDED_NO_ANSWER)
		return -ETIMEDOUT;
	return ret < 0 ? (int)ret : receive_descriptor(here);
}
