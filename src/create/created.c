/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "create/created.h"

#include <stdio.h>

const char *created_link(enum ns_type type, char path[CREATED_LINK_SIZE])
{
	enum ns_link link = type == NS_PID    ? NS_LINK_PID_FOR_CHILDREN
			    : type == NS_TIME ? NS_LINK_TIME_FOR_CHILDREN
					      : ns_type_link(type);

	snprintf(path, CREATED_LINK_SIZE, "ns/%s", ns_link_name(link));
	return path;
}

int created_open(const struct creation *creation, enum ns_type type, struct ns *ns, struct error *err)
{
	char path[CREATED_LINK_SIZE];
	int ret = ns_open_at(creation->self_fd, created_link(type, path), ns);

	if (ret == 0)
		return 0;
	error_set_errno(err, -ret, "cannot open the new %s namespace", ns_type_name(type));
	if (type == NS_PID)
		return error_hint(err, "a pid namespace lasts only with a process in it: add --fork");
	return -err->number;
}
