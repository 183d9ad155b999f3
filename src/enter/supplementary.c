/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "enter/supplementary.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "enter/identity.h"
#include "enter/plan.h"
#include "proc/capabilities.h"

bool supplementary_is_denied(const struct plan *plan)
{
	char text[16];

	/* user_namespaces(7): unprivileged users must write "deny" there. */
	return plan->namespaces.has_maps &&
	       file_read_at(plan->process.dir_fd, "setgroups", text, sizeof(text)) > 0 &&
	       strncmp(text, "deny", 4) == 0;
}

static bool has_group(const struct credentials *credentials, gid_t gid)
{
	for (size_t i = 0; i < credentials->group_count; i++) {
		if (credentials->groups[i] == gid)
			return true;
	}
	return false;
}

/* setgroups(2) refuses a group that is not mapped. */
static bool exists_inside(const struct translation *translation, gid_t gid)
{
	uint32_t outside;

	return !translation->known || id_map_to_outside(&translation->gids, gid, &outside);
}

/* Exactly the target's groups. */
static int follow_groups(const struct translation *translation, const struct process_status *status,
			 struct credentials *credentials, struct error *err)
{
	credentials->groups = calloc(status->group_count + 1, sizeof(*credentials->groups));
	if (!credentials->groups)
		return error_set_errno(err, ENOMEM, "cannot list the supplementary groups");
	for (size_t i = 0; i < status->group_count; i++) {
		uint32_t gid = status->groups[i];

		if (!translation->known || id_map_to_inside(&translation->gids, gid, &gid))
			credentials->groups[credentials->group_count++] = gid;
	}
	return 0;
}

/* The primary group, with those of the group file where they were asked for. */
static int list_groups(const struct enter_request *request, const struct plan *plan,
		       const struct translation *translation, const struct user *user,
		       struct credentials *credentials, struct error *err)
{
	gid_t primary = credentials->set_gid ? credentials->gid : getegid();
	size_t count = 0;
	int ret = 0;

	if (request->init_groups)
		ret = identity_list_groups(plan, user, &credentials->groups, &count, err);
	else
		credentials->groups = calloc(1, sizeof(*credentials->groups));
	if (ret < 0)
		return ret;
	if (!credentials->groups)
		return error_set_errno(err, ENOMEM, "cannot list the supplementary groups");
	for (size_t i = 0; i < count; i++) {
		if (exists_inside(translation, credentials->groups[i]))
			credentials->groups[credentials->group_count++] = credentials->groups[i];
	}
	if ((credentials->set_gid || request->init_groups) && !has_group(credentials, primary))
		credentials->groups[credentials->group_count++] = primary;
	return 0;
}

/* The kernel keeps them sorted. */
bool supplementary_has_already(const gid_t *groups, size_t group_count)
{
	int count = getgroups(0, NULL);
	AUTO_FREE gid_t *own = count < 0 ? NULL : calloc((size_t)count + 1, sizeof(*own));

	return own && getgroups(count, own) == count && (size_t)count == group_count &&
	       (count == 0 || memcmp(own, groups, group_count * sizeof(*own)) == 0);
}

/*
 * As util-linux does: where a user namespace is entered, groups are dropped
 * before and after, and one of both must succeed; else a failure is ignored.
 */
static int decide_groups_as_nsenter(const struct enter_request *request, const struct plan *plan, bool denied,
				    struct credentials *credentials, struct error *err)
{
	bool insists = plan_enters(plan, NS_USER) && !request->preserve_credentials;

	credentials->set_groups = credentials->set_gid && !denied;
	credentials->drop_groups_first = insists && capabilities_have(1ULL << CAP_SETGID);
	credentials->groups_optional = !insists || credentials->drop_groups_first;
	if (!denied || credentials->groups_optional)
		return 0;
	error_set(err, EPERM,
		  "cannot drop the supplementary groups: the user namespace of process %d denies setgroups",
		  plan->process.pid);
	return error_hint(err, "use --preserve-credentials");
}

static int refuse_init_groups(const struct plan *plan, struct error *err)
{
	return error_set(err, EPERM, "--init-groups: the user namespace of process %d denies setgroups",
			 plan->process.pid);
}

int supplementary_decide(const struct enter_request *request, struct plan *plan,
			 const struct translation *translation, const struct user *user, struct error *err)
{
	struct credentials *credentials = &plan->credentials;
	bool denied = supplementary_is_denied(plan);
	int ret;

	if (request->as_nsenter)
		return decide_groups_as_nsenter(request, plan, denied, credentials, err);
	if (!credentials->set_gid && !credentials->set_uid && !request->init_groups)
		return 0;
	if (denied && request->init_groups)
		return refuse_init_groups(plan, err);
	credentials->set_groups = !denied;
	/* Without a process in the user namespace, only setgroups(2) itself shows whether it is denied. */
	credentials->groups_optional =
	    plan_enters(plan, NS_USER) && !plan->namespaces.has_maps && !request->init_groups;
	credentials->drop_groups_first =
	    (denied || (plan_enters(plan, NS_USER) && !plan->namespaces.has_maps)) &&
	    capabilities_have(1ULL << CAP_SETGID);
	if (denied)
		return 0;
	if (request->gid_choice == ID_FOLLOW && !request->init_groups)
		ret = follow_groups(translation, &plan->seen.status, credentials, err);
	else
		ret = list_groups(request, plan, translation, user, credentials, err);
	if (ret == 0 && !plan_enters(plan, NS_USER) &&
	    supplementary_has_already(credentials->groups, credentials->group_count))
		credentials->set_groups = false;
	return ret;
}
