/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "create/own_map.h"

#include <errno.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "proc/process.h"
#include "proc/procfs.h"

int own_map_read(enum id_kind kind, struct id_map *map, struct error *err)
{
	AUTO_CLOSE int self_fd = procfs_open_self();
	const struct process self = {.pid = getpid(), .dir_fd = self_fd, .pidfd = -1};
	const char *name = id_kind_names(kind)->map;
	int ret = self_fd < 0 ? self_fd : process_read_id_map(&self, name, map);

	return ret < 0 ? error_set_errno(err, -ret, "cannot read '/proc/self/%s'", name) : 0;
}

/* The end of the range of the map that has id, or id itself if none has. */
static uint64_t find_end(const struct id_map *own, uint64_t id)
{
	for (size_t i = 0; i < own->count; i++) {
		const struct id_range *range = &own->ranges[i];

		if (id >= range->inside && id - range->inside < range->count)
			return (uint64_t)range->inside + range->count;
	}
	return id;
}

bool own_map_find_missing(const struct id_map *own, const struct id_range *range, uint32_t *id)
{
	uint64_t last = (uint64_t)range->outside + range->count;
	uint64_t next = range->outside;

	while (next < last) {
		uint64_t end = find_end(own, next);

		if (end == next) {
			*id = (uint32_t)next;
			return true;
		}
		next = end;
	}
	return false;
}

int own_map_check_caller(enum id_kind kind, struct error *err)
{
	const char *noun = id_kind_names(kind)->noun;
	struct id_map own = {.count = 0};
	uint32_t outside;
	int ret = own_map_read(kind, &own, err);

	if (ret < 0 || id_map_to_outside(&own, kind == ID_USERS ? geteuid() : getegid(), &outside))
		return ret;
	if (own.count == 0) {
		error_set(err, EPERM, "the caller's user namespace has no map of %ss", noun);
		return error_hint(err, "create that one with -r, or with --map-auto");
	}
	error_set(err, EPERM, "the caller's %s does not exist in its user namespace", noun);
	return error_hint(err, "become one that does: setpriv --re%s ID", kind == ID_USERS ? "uid" : "gid");
}
