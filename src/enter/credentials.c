/* Who the program runs as: user, group, supplementary groups, capabilities. */
#include "enter/credentials.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "proc/capabilities.h"
#include "proc/status.h"
#include "proc/users.h"

/* What the ids of the target are in the user namespace that is entered. */
struct translation {
	bool known; /* false: the namespace comes from a file, and has no process to ask */
	struct id_map uids;
	struct id_map gids;
};

static bool enters_user(const struct plan *plan)
{
	return plan->types & (1U << NS_USER);
}

static int read_translation(const struct plan *plan, struct translation *translation, struct error *err)
{
	int ret = 0;

	translation->known = plan->has_maps;
	if (!translation->known)
		return 0;
	ret = process_read_id_map(&plan->process, "uid_map", &translation->uids);
	if (ret == 0)
		ret = process_read_id_map(&plan->process, "gid_map", &translation->gids);
	if (ret < 0)
		return error_set_errno(err, -ret, "cannot read the id maps of process %d", plan->process.pid);
	return 0;
}

static int check_mapped(const struct id_map *map, uint32_t id, const char *kind, const struct plan *plan,
			struct error *err)
{
	uint32_t outside;

	if (id_map_to_outside(map, id, &outside))
		return 0;
	error_set(err, EINVAL, "%s %u does not exist in the user namespace of process %d", kind, id,
		  plan->process.pid);
	return error_hint(err, "try -S follow, -S ID, or --preserve-credentials");
}

static bool setgroups_is_denied(const struct plan *plan)
{
	char text[16];

	/* user_namespaces(7): "deny" is what an unprivileged user has to write there. */
	return plan->has_maps && file_read_at(plan->process.dir_fd, "setgroups", text, sizeof(text)) > 0 &&
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

/* The target's user and group, in the terms of what is entered. */
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

/* The supplementary groups: the target's where they are followed, and always the primary group. */
static int list_groups(const struct translation *translation, const struct process_status *status,
		       struct credentials *credentials, struct error *err)
{
	credentials->groups = calloc(status->group_count + 1, sizeof(*credentials->groups));
	if (!credentials->groups)
		return error_set_errno(err, ENOMEM, "cannot list the supplementary groups");
	for (size_t i = 0; i < status->group_count; i++) {
		uint32_t gid = status->groups[i];

		/* A group without a counterpart inside cannot be had there. */
		if (!translation->known || id_map_to_inside(&translation->gids, gid, &gid))
			credentials->groups[credentials->group_count++] = gid;
	}
	if (credentials->set_gid && !has_group(credentials, credentials->gid))
		credentials->groups[credentials->group_count++] = credentials->gid;
	return 0;
}

/* The group of a user that was given by number alone: that of its passwd entry, else the same number. */
static gid_t group_of(const struct plan *plan, uid_t uid)
{
	AUTO_CLOSE int root = plan_open_root(plan);
	struct user user;

	return root >= 0 && user_find(root, uid, &user) == 0 ? user.gid : uid;
}

static void decide_ids(const struct enter_request *request, const struct plan *plan,
		       struct credentials *credentials)
{
	bool inside = enters_user(plan) && !request->preserve_credentials;

	credentials->set_uid = inside || request->uid_choice != ID_DEFAULT;
	credentials->set_gid = inside || request->gid_choice != ID_DEFAULT;
	if (request->uid_choice == ID_NUMBER)
		credentials->uid = request->uid;
	if (request->gid_choice == ID_NUMBER)
		credentials->gid = request->gid;
	else if (request->gid_choice == ID_DEFAULT && request->uid_choice == ID_NUMBER &&
		 !request->as_nsenter) {
		credentials->set_gid = true;
		credentials->gid = group_of(plan, request->uid);
	}
}

/*
 * util-linux's way: where a user namespace is entered, groups are dropped
 * before and after, and one of both has to succeed; else failing is no error.
 */
static int decide_groups_as_nsenter(const struct enter_request *request, const struct plan *plan, bool denied,
				    struct credentials *credentials, struct error *err)
{
	bool insists = enters_user(plan) && !request->preserve_credentials;

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

/* Whoever gets another user or group gets its groups too, where the user namespace lets that be. */
static int decide_groups(const struct enter_request *request, const struct plan *plan,
			 const struct translation *translation, const struct process_status *status,
			 struct credentials *credentials, struct error *err)
{
	static const struct process_status no_groups = {0};
	bool denied = setgroups_is_denied(plan);

	if (request->as_nsenter)
		return decide_groups_as_nsenter(request, plan, denied, credentials, err);
	if (!credentials->set_gid && !credentials->set_uid)
		return 0;
	credentials->set_groups = !denied;
	/* Of a user namespace without a process, only setgroups(2) itself can tell. */
	credentials->groups_optional = enters_user(plan) && !plan->has_maps;
	credentials->drop_groups_first =
	    (denied || credentials->groups_optional) && capabilities_have(1ULL << CAP_SETGID);
	if (denied)
		return 0;
	return list_groups(translation, request->gid_choice == ID_FOLLOW ? status : &no_groups, credentials,
			   err);
}

static int check_credentials(const struct plan *plan, const struct translation *translation,
			     const struct credentials *credentials, struct error *err)
{
	int ret = 0;

	if (translation->known && credentials->set_uid)
		ret = check_mapped(&translation->uids, credentials->uid, "user", plan, err);
	if (ret == 0 && translation->known && credentials->set_gid)
		ret = check_mapped(&translation->gids, credentials->gid, "group", plan, err);
	return ret;
}

static int check_follow(const struct plan *plan, struct error *err)
{
	if (plan->process.dir_fd < 0) {
		error_set(err, EINVAL, "'follow' needs a process");
		return error_hint(err, "give one with -t PID");
	}
	if (enters_user(plan) && !plan->has_maps) {
		error_set(err, EINVAL, "'follow' needs the user namespace of process %d, not another",
			  plan->process.pid);
		return error_hint(err, "give the ids as numbers");
	}
	return 0;
}

int plan_credentials(const struct enter_request *asked, struct plan *plan, struct error *err)
{
	struct credentials *credentials = &plan->credentials;
	struct enter_request request = *asked;
	struct translation translation;
	const struct process_status *status = &plan->seen.status;
	bool follows;
	int ret = read_translation(plan, &translation, err);

	/* Taking the target's user and keeping one's own groups is what nobody means. */
	if (request.uid_choice == ID_FOLLOW && request.gid_choice == ID_DEFAULT && !request.as_nsenter)
		request.gid_choice = ID_FOLLOW;
	follows = request.uid_choice == ID_FOLLOW || request.gid_choice == ID_FOLLOW;
	credentials->keep_caps = request.keep_caps && enters_user(plan);
	if (ret < 0)
		return ret;
	decide_ids(&request, plan, credentials);
	if (follows)
		ret = check_follow(plan, err);
	if (ret < 0)
		return ret;
	if (follows)
		ret = follow(&request, plan, &translation, status, credentials, err);
	if (ret == 0)
		ret = check_credentials(plan, &translation, credentials, err);
	if (ret == 0)
		ret = decide_groups(&request, plan, &translation, status, credentials, err);
	return ret;
}

int credentials_drop_groups(const struct credentials *credentials, struct error *err)
{
	if (credentials->drop_groups_first && setgroups(0, NULL) < 0)
		return error_set_errno(err, errno, "cannot drop the supplementary groups");
	return 0;
}

/* Permitted capabilities survive exec of an ordinary program only as ambient ones; see capabilities(7). */
static int make_ambient(struct error *err)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &header, data) < 0)
		return error_set_errno(err, errno, "cannot read the capabilities");
	for (size_t i = 0; i < 2; i++) {
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

int credentials_apply(const struct credentials *credentials, struct error *err)
{
	gid_t gid = credentials->gid;
	uid_t uid = credentials->uid;

	if (credentials->keep_caps && prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
		return error_set_errno(err, errno, "cannot keep the capabilities");
	if (credentials->set_groups && setgroups(credentials->group_count, credentials->groups) < 0 &&
	    !(credentials->groups_optional && errno == EPERM))
		return error_set_errno(err, errno, "cannot set the supplementary groups");
	if (credentials->set_gid && setresgid(gid, gid, gid) < 0)
		return error_set_errno(err, errno, "cannot become group %u", gid);
	if (credentials->set_uid && setresuid(uid, uid, uid) < 0)
		return error_set_errno(err, errno, "cannot become user %u", uid);
	return credentials->keep_caps ? make_ambient(err) : 0;
}
