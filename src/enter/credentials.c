/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "enter/credentials.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "enter/confine.h"
#include "enter/identity.h"
#include "enter/plan.h"
#include "enter/supplementary.h"
#include "enter/unmapped.h"
#include "proc/status.h"

static int read_translation(const struct plan *plan, struct translation *translation, struct error *err)
{
	int ret = 0;

	translation->known = plan->namespaces.has_maps;
	if (!translation->known)
		return 0;
	ret = process_read_id_map(&plan->process, "uid_map", &translation->uids);
	if (ret == 0)
		ret = process_read_id_map(&plan->process, "gid_map", &translation->gids);
	if (ret < 0)
		return error_set_errno(err, -ret, "cannot read the id maps of process %d", plan->process.pid);
	return 0;
}

static int check_mapped(const struct translation *translation, enum id_kind kind, uint32_t id,
			const struct plan *plan, struct error *err)
{
	uint32_t outside;

	if (id_map_to_outside(kind == ID_USERS ? &translation->uids : &translation->gids, id, &outside))
		return 0;
	error_set(err, EINVAL, "%s %u does not exist in the user namespace of process %d",
		  id_kind_names(kind)->noun, id, plan->process.pid);
	return unmapped_hint(translation, err);
}

/* Stores the target's user and group as seen in the user namespace of the program. */
static int follow(const struct enter_request *request, const struct plan *plan,
		  const struct translation *translation, const struct process_status *status,
		  struct credentials *credentials, struct error *err)
{
	uint32_t uid = status->euid;
	uint32_t gid = status->egid;

	if (translation->known && (!id_map_to_inside(&translation->uids, status->euid, &uid) ||
				   !id_map_to_inside(&translation->gids, status->egid, &gid)))
		return error_set(err, EINVAL, "the user of process %d does not exist in its user namespace",
				 plan->process.pid);
	if (request->uid_choice == ID_FOLLOW)
		credentials->uid = uid;
	if (request->gid_choice == ID_FOLLOW)
		credentials->gid = gid;
	return 0;
}

static void decide_ids(const struct enter_request *request, const struct plan *plan,
		       struct credentials *credentials)
{
	bool inside = plan_enters(plan, NS_USER) && !request->preserve_credentials;

	credentials->set_uid = inside || request->uid_choice != ID_DEFAULT;
	credentials->set_gid = inside || request->gid_choice != ID_DEFAULT;
	if (request->uid_choice == ID_NUMBER)
		credentials->uid = request->uid;
	if (request->gid_choice == ID_NUMBER)
		credentials->gid = request->gid;
}

/* Where a user was asked for: decides its id, its variables, and its group unless one was given. */
static int decide_user(const struct enter_request *request, struct plan *plan, struct user *user,
		       struct error *err)
{
	struct credentials *credentials = &plan->credentials;
	uid_t uid = credentials->set_uid ? credentials->uid : geteuid();
	int ret;

	bool is_default = request->uid_choice == ID_DEFAULT;

	if (request->as_nsenter ||
	    (is_default && !request->init_groups && !plan->environment.is_of_container))
		return 0;
	ret = identity_find_user(request, plan, uid, user, err);
	if (ret == 0 && is_default && plan->environment.is_of_container)
		return environment_set_user(&plan->environment, user, err);
	if (ret < 0 || is_default)
		return ret;
	credentials->uid = user->uid;
	if (request->gid_choice == ID_DEFAULT) {
		credentials->set_gid = true;
		credentials->gid = user->gid;
	}
	/* The target's environment has the variables of its own user. */
	return request->environment ? 0 : environment_set_user(&plan->environment, user, err);
}

static int check_credentials(const struct plan *plan, const struct translation *translation,
			     const struct credentials *credentials, struct error *err)
{
	int ret = 0;

	if (translation->known && credentials->set_uid)
		ret = check_mapped(translation, ID_USERS, credentials->uid, plan, err);
	if (ret == 0 && translation->known && credentials->set_gid)
		ret = check_mapped(translation, ID_GROUPS, credentials->gid, plan, err);
	return ret;
}

static int check_follow(const struct plan *plan, struct error *err)
{
	if (plan->process.dir_fd < 0 || !plan_enters(plan, NS_USER) || plan->namespaces.has_maps)
		return plan_need_process(plan, "'follow'", err);
	error_set(err, EINVAL, "'follow' needs the user namespace of process %d, not another",
		  plan->process.pid);
	return error_hint(err, "give the ids as numbers");
}

bool credentials_share_user_ns(const struct plan *plan)
{
	ino_t ino;

	if (plan_enters(plan, NS_USER))
		return plan->namespaces.has_maps;
	return process_read_link_at(plan->namespaces.own_fd, NS_LINK_USER, &ino) == 0 &&
	       plan->seen.links.ino[NS_LINK_USER] == ino;
}

static int decide_by_process(const struct enter_request *request, struct plan *plan,
			     const struct translation *translation, struct error *err)
{
	int ret;

	if (request->uid_choice != ID_FOLLOW && request->gid_choice != ID_FOLLOW)
		return 0;
	ret = check_follow(plan, err);
	if (ret == 0)
		ret = follow(request, plan, translation, &plan->seen.status, &plan->credentials, err);
	if (ret == 0 && request->uid_choice == ID_FOLLOW && !request->as_nsenter)
		ret = confinement_read(&plan->process, credentials_share_user_ns(plan),
				       &plan->credentials.confinement, err);
	if (ret == 0 && plan->credentials.uid == 0)
		confinement_limit_root(&plan->credentials.confinement);
	return ret;
}

int credentials_plan(const struct enter_request *asked, struct plan *plan, struct error *err)
{
	struct credentials *credentials = &plan->credentials;
	struct enter_request request = *asked;
	struct translation translation;
	struct user user = {0};
	int ret = read_translation(plan, &translation, err);

	if (ret < 0)
		return ret;
	/* Nobody wants the target's user with the caller's groups. */
	if (request.uid_choice == ID_FOLLOW && request.gid_choice == ID_DEFAULT && !request.as_nsenter)
		request.gid_choice = ID_FOLLOW;
	credentials->keep_caps = request.keep_caps && plan_enters(plan, NS_USER);
	decide_ids(&request, plan, credentials);
	ret = decide_by_process(&request, plan, &translation, err);
	if (ret == 0)
		ret = decide_user(&request, plan, &user, err);
	if (ret == 0 && request.gid_choice == ID_NAME)
		ret = identity_find_group(plan, request.group_name, &credentials->gid, err);
	if (ret == 0)
		ret = check_credentials(plan, &translation, credentials, err);
	if (ret == 0)
		ret = supplementary_decide(&request, plan, &translation, &user, err);
	return ret;
}

void credentials_free(struct credentials *credentials)
{
	free(credentials->groups);
}

int credentials_drop_groups(const struct plan *plan, struct error *err)
{
	(void)err;
	return plan->credentials.drop_groups_first && setgroups(0, NULL) < 0 ? -errno : 0;
}

/* Only ambient capabilities survive exec of an ordinary program; see capabilities(7). */
static int make_ambient(uint64_t most, struct error *err)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &header, data) < 0)
		return error_set_errno(err, errno, "cannot read the capabilities");
	for (size_t i = 0; i < 2; i++) {
		data[i].permitted &= (uint32_t)(most >> 32 * i);
		data[i].effective = data[i].permitted;
		data[i].inheritable = data[i].permitted;
	}
	if (syscall(SYS_capset, &header, data) < 0)
		return error_set_errno(err, errno, "cannot keep the capabilities");
	for (unsigned int cap = 0; cap < 64; cap++) {
		if (!(data[cap / 32].permitted & (1U << (cap % 32))))
			continue;
		if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0) < 0)
			return error_set_errno(err, errno, "cannot keep capability %u", cap);
	}
	return 0;
}

static int set_refused_groups(const struct plan *plan, int number, struct error *err)
{
	const struct credentials *credentials = &plan->credentials;

	error_set_errno(err, number, "cannot set the supplementary groups");
	for (size_t i = 0; i < credentials->group_count && !err->hint[0]; i++)
		unmapped_explain(plan, ID_GROUPS, credentials->groups[i], err);
	return -number;
}

static int become_group(const struct plan *plan, gid_t gid, struct error *err)
{
	if (setresgid(gid, gid, gid) == 0)
		return 0;
	error_set_errno(err, errno, "cannot become group %u", gid);
	return unmapped_explain(plan, ID_GROUPS, gid, err);
}

static int become_user(const struct plan *plan, uid_t uid, struct error *err)
{
	if (setresuid(uid, uid, uid) == 0)
		return 0;
	error_set_errno(err, errno, "cannot become user %u", uid);
	return unmapped_explain(plan, ID_USERS, uid, err);
}

int credentials_become_groups(const struct plan *plan, struct error *err)
{
	const struct credentials *credentials = &plan->credentials;

	if (credentials->set_groups && setgroups(credentials->group_count, credentials->groups) < 0 &&
	    !(credentials->groups_optional && errno == EPERM))
		return set_refused_groups(plan, errno, err);
	return credentials->set_gid ? become_group(plan, credentials->gid, err) : 0;
}

int credentials_become_user(const struct plan *plan, struct error *err)
{
	return plan->credentials.set_uid ? become_user(plan, plan->credentials.uid, err) : 0;
}

int credentials_apply(const struct plan *plan, struct error *err)
{
	const struct credentials *credentials = &plan->credentials;
	int ret;

	if (credentials->keep_caps && prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
		return error_set_errno(err, errno, "cannot keep the capabilities");
	ret = credentials_become_groups(plan, err);
	if (ret == 0)
		ret = confinement_drop(&credentials->confinement, err);
	if (ret == 0)
		ret = credentials_become_user(plan, err);
	if (ret < 0)
		return ret;
	if (credentials->keep_caps)
		ret = make_ambient(credentials->confinement.wanted ? credentials->confinement.most.bounding
								   : UINT64_MAX,
				   err);
	return ret < 0 ? ret : confinement_seal(&credentials->confinement, err);
}
