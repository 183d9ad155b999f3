/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The user and the groups of a confined program. */
#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>

#include "enter/confined.h"
#include "enter/identity.h"
#include "enter/plan.h"
#include "enter/supplementary.h"
#include "proc/capabilities.h"
#include "proc/id_kind.h"

/* Whether the settings' own user and groups are wanted. */
static bool is_default(const struct enter_request *request)
{
	return request->uid_choice == ID_DEFAULT;
}

/*
 * Groups as docker exec sets them.  A user in passwd(5): its group and those of group(5).
 * Another user: group 0.  A group that was named: only that.
 */
static int find_user(const struct enter_request *request, struct plan *plan, struct user *user,
		     struct error *err)
{
	int ret = identity_find_user(request, plan, request->uid, user, err);

	if (ret < 0)
		return ret;
	if (!user->name[0])
		user->gid = 0;
	if (request->gid_choice == ID_NAME)
		return identity_find_group(plan, request->group_name, &user->gid, err);
	if (request->gid_choice == ID_NUMBER)
		user->gid = request->gid;
	return 0;
}

static int list_groups(const struct enter_request *request, struct plan *plan, struct error *err)
{
	struct credentials *credentials = &plan->credentials;
	int ret = 0;

	if (plan->user.name[0] && request->gid_choice == ID_DEFAULT)
		ret = identity_list_groups(plan, &plan->user, &credentials->groups, &credentials->group_count,
					   err);
	else
		credentials->groups = calloc(1, sizeof(*credentials->groups));
	if (ret < 0)
		return ret;
	if (!credentials->groups)
		return error_set_errno(err, ENOMEM, "cannot list the supplementary groups");
	for (size_t i = 0; i < credentials->group_count; i++) {
		if (credentials->groups[i] == credentials->gid)
			return 0;
	}
	credentials->groups[credentials->group_count++] = credentials->gid; /* there is room for one */
	return 0;
}

static int choose_user(const struct enter_request *request, struct plan *plan, struct error *err)
{
	int ret = find_user(request, plan, &plan->user, err);

	if (ret < 0)
		return ret;
	plan->credentials.uid = plan->user.uid;
	plan->credentials.gid = plan->user.gid;
	return list_groups(request, plan, err);
}

static int keep_user(struct plan *plan, struct error *err)
{
	struct credentials *credentials = &plan->credentials;
	const struct settings *settings = &plan->settings;

	if (settings->is_unmapped) {
		error_set(err, EINVAL, "the user of process %d does not exist in its user namespace",
			  plan->process.pid);
		return error_hint(err, "give one that does with -u");
	}
	credentials->uid = settings->uid;
	credentials->gid = settings->gid;
	credentials->groups = calloc(settings->group_count + 1, sizeof(*credentials->groups));
	if (!credentials->groups)
		return error_set_errno(err, ENOMEM, "cannot list the supplementary groups");
	if (settings->group_count > 0)
		memcpy(credentials->groups, settings->groups, settings->group_count * sizeof(gid_t));
	credentials->group_count = settings->group_count;
	return 0;
}

static int read_map(const struct plan *plan, enum id_kind kind, struct id_map *map, struct error *err)
{
	int ret = process_read_id_map(&plan->process, id_kind_names(kind)->map, map);

	return ret < 0
		   ? error_set_errno(err, -ret, "cannot read the id maps of process %d", plan->process.pid)
		   : 0;
}

static int check_mapped(const struct plan *plan, enum id_kind kind, const struct id_map *map, uint32_t id,
			struct error *err)
{
	uint32_t outside;

	if (id_map_to_outside(map, id, &outside))
		return 0;
	return error_set(err, EINVAL, "%s %u does not exist in the user namespace of process %d",
			 id_kind_names(kind)->noun, id, plan->process.pid);
}

static int check_all_mapped(const struct plan *plan, struct error *err)
{
	const struct credentials *credentials = &plan->credentials;
	struct id_map map;
	int ret;

	if (!plan->namespaces.has_maps)
		return 0;
	ret = read_map(plan, ID_USERS, &map, err);
	if (ret == 0)
		ret = check_mapped(plan, ID_USERS, &map, credentials->uid, err);
	if (ret == 0)
		ret = read_map(plan, ID_GROUPS, &map, err);
	if (ret == 0)
		ret = check_mapped(plan, ID_GROUPS, &map, credentials->gid, err);
	for (size_t i = 0; i < credentials->group_count && ret == 0; i++)
		ret = check_mapped(plan, ID_GROUPS, &map, credentials->groups[i], err);
	return ret;
}

/* Whether the caller's groups are those of the process, as both are seen from here. */
static bool has_those_of_process(const struct enter_request *request, const struct plan *plan)
{
	return is_default(request) && plan->configuration.fd < 0 &&
	       supplementary_has_already(plan->seen.status.groups, plan->seen.status.group_count);
}

/* user_namespaces(7): where setgroups(2) is denied, groups can only be dropped before. */
static int drop_denied_groups(struct plan *plan, struct error *err)
{
	plan->credentials.drop_groups_first = capabilities_have(1ULL << CAP_SETGID);
	if (plan->credentials.drop_groups_first && plan->credentials.group_count == 0)
		return 0;
	error_set(err, EPERM,
		  "cannot set the supplementary groups: the user namespace of process %d denies setgroups",
		  plan->process.pid);
	return missing_note(&plan->missing, err);
}

static int decide_groups(const struct enter_request *request, struct plan *plan, struct error *err)
{
	struct credentials *credentials = &plan->credentials;

	if (has_those_of_process(request, plan))
		return 0;
	if (supplementary_is_denied(plan))
		return drop_denied_groups(plan, err);
	credentials->set_groups = plan_enters(plan, NS_USER) ||
				  !supplementary_has_already(credentials->groups, credentials->group_count);
	return 0;
}

int confined_user_plan(const struct enter_request *request, struct plan *plan, struct error *err)
{
	struct credentials *credentials = &plan->credentials;
	int ret = is_default(request) ? keep_user(plan, err) : choose_user(request, plan, err);

	if (ret == 0)
		ret = check_all_mapped(plan, err);
	if (ret == 0)
		ret = decide_groups(request, plan, err);
	credentials->set_uid = true;
	credentials->set_gid = true;
	return ret;
}
