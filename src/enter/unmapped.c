/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "enter/unmapped.h"

#include <fcntl.h>

#include "base/cleanup.h"
#include "enter/plan.h"

/*
 * The maps of a user namespace can be read only through a process in it.  This process has
 * entered it; its directory of the caller's /proc was opened before.
 */
static int read_maps(const struct plan *plan, struct translation *maps)
{
	AUTO_CLOSE int dir_fd = openat(plan->namespaces.own_fd, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct process self = PROCESS_CLOSED;
	int ret;

	self.dir_fd = dir_fd;
	maps->known = false;
	ret = process_read_id_map(&self, id_kind_names(ID_USERS)->map, &maps->uids);
	if (ret == 0)
		ret = process_read_id_map(&self, id_kind_names(ID_GROUPS)->map, &maps->gids);
	maps->known = ret == 0;
	return ret;
}

static bool has_id(const struct id_map *map, uint32_t id)
{
	uint32_t outside;

	return id_map_to_outside(map, id, &outside);
}

/* Root if it exists. */
static uint32_t choose_id(const struct id_map *map)
{
	return has_id(map, 0) ? 0 : map->ranges[0].inside;
}

int unmapped_hint(const struct translation *maps, struct error *err)
{
	enum id_kind empty = maps->uids.count == 0 ? ID_USERS : ID_GROUPS;

	if (maps->uids.count > 0 && maps->gids.count > 0)
		return error_hint(err, "use -S %u -G %u, which exist there, or --preserve-credentials alone",
				  choose_id(&maps->uids), choose_id(&maps->gids));
	return error_hint(err, "its %s is empty: use --preserve-credentials, and neither -S nor -G",
			  id_kind_names(empty)->map);
}

int unmapped_explain(const struct plan *plan, enum id_kind kind, uint32_t id, struct error *err)
{
	struct translation maps;

	if (read_maps(plan, &maps) < 0 || has_id(kind == ID_USERS ? &maps.uids : &maps.gids, id))
		return -err->number;
	error_explain(err, "%s %u does not exist in the user namespace", id_kind_names(kind)->noun, id);
	return unmapped_hint(&maps, err);
}

bool unmapped_has_root(const struct plan *plan)
{
	struct translation maps;

	return read_maps(plan, &maps) < 0 || (has_id(&maps.uids, 0) && has_id(&maps.gids, 0));
}
