/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "create/clocks.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "ns/ns.h"
#include "ns/uapi.h"

static int set_clock(const struct creation *creation, clockid_t id, const char *name,
		     const struct clock_choice *choice, struct error *err)
{
	AUTO_CLOSE int fd = -1;
	char line[64];
	int length;

	if (!choice->is_set)
		return 0;
	fd = openat(creation->self_fd, "timens_offsets", O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return error_set_errno(err, errno, "cannot open /proc/self/timens_offsets");
	length = snprintf(line, sizeof(line), "%d %" PRId64 " 0", id, choice->offset_sec);
	if (write(fd, line, (size_t)length) == length)
		return 0;
	error_set_errno(err, errno, "cannot set the %s clock to an offset of %" PRId64 " seconds", name,
			choice->offset_sec);
	if (err->number == ERANGE)
		error_hint(err, "the clock would be negative, or beyond 146 years");
	return -err->number;
}

int create_set_clocks(struct creation *creation, struct error *err)
{
	const struct create_request *request = creation->request;
	int ret = set_clock(creation, CLOCK_BOOTTIME, "boottime", &request->boottime, err);

	return ret < 0 ? ret : set_clock(creation, CLOCK_MONOTONIC, "monotonic", &request->monotonic, err);
}

int create_join_time(struct creation *creation, struct error *err)
{
	AUTO_NS struct ns ns = NS_CLOSED;
	int ret;

	if (!creation_has(creation, NS_TIME) || creation->supervisor.wanted)
		return 0;
	ret = ns_open_at(creation->self_fd, "ns/time_for_children", &ns);
	if (ret == 0)
		ret = setns(ns.fd, CLONE_NEWTIME) < 0 ? -errno : 0;
	return ret < 0 ? error_set_errno(err, -ret, "cannot enter the new time namespace") : 0;
}
