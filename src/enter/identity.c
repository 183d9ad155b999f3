/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "enter/identity.h"

#include <errno.h>

#include "base/cleanup.h"
#include "enter/plan.h"
#include "proc/groups.h"
#include "proc/status.h"

static int set_unknown(const char *kind, const char *name, const char *file, int ret, struct error *err)
{
	if (ret == -ENOENT) {
		error_set(err, ENOENT, "no %s '%.256s' in the %s file of the target", kind, name, file);
		return error_hint(err, "give the id as a number");
	}
	error_set_errno(err, -ret, "cannot look up the %s '%.256s' in the %s file of the target", kind, name,
			file);
	return -err->number;
}

int identity_find_user(const struct enter_request *request, const struct plan *plan, uid_t uid,
		       struct user *user, struct error *err)
{
	AUTO_CLOSE int root = directories_open_root(plan);
	int ret = root < 0 ? -ENOENT : 0;

	if (request->uid_choice == ID_NAME) {
		ret = ret < 0 ? ret : user_find_name(root, request->user_name, user);
		return ret < 0 ? set_unknown("user", request->user_name, "passwd", ret, err) : 0;
	}
	if (ret < 0 || user_find(root, uid, user) < 0)
		*user = (struct user){.uid = uid, .gid = uid};
	return 0;
}

int identity_find_group(const struct plan *plan, const char *name, gid_t *gid, struct error *err)
{
	AUTO_CLOSE int root = directories_open_root(plan);
	int ret = root < 0 ? -ENOENT : group_find(root, name, gid);

	return ret < 0 ? set_unknown("group", name, "group", ret, err) : 0;
}

int identity_list_groups(const struct plan *plan, const struct user *user, gid_t **groups, size_t *count,
			 struct error *err)
{
	AUTO_CLOSE int root = directories_open_root(plan);
	int ret;

	if (root < 0 || !user->name[0])
		return error_set(err, ENOENT,
				 "--init-groups: no user with the id %u in the passwd file of the target",
				 user->uid);
	ret = group_list(root, user->name, groups, count);
	if (ret < 0)
		return error_set_errno(err, -ret, "cannot read the group file of the target");
	return 0;
}

int identity_find_outside(const struct plan *plan, const char *map_name, uint32_t inside, uint32_t *outside,
			  struct error *err)
{
	struct id_map map;
	int ret;

	*outside = (uint32_t)-1;
	if (!plan_enters(plan, NS_USER))
		*outside = inside;
	if (!plan->namespaces.has_maps)
		return 0;
	ret = process_read_id_map(&plan->process, map_name, &map);
	if (ret < 0)
		return error_set_errno(err, -ret, "cannot read the id maps of process %d", plan->process.pid);
	id_map_to_outside(&map, inside, outside);
	return 0;
}
