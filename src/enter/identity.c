#include "enter/identity.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "proc/groups.h"

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
	AUTO_CLOSE int root = plan_open_root(plan);
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
	AUTO_CLOSE int root = plan_open_root(plan);
	int ret = root < 0 ? -ENOENT : group_find(root, name, gid);

	return ret < 0 ? set_unknown("group", name, "group", ret, err) : 0;
}

int identity_list_groups(const struct plan *plan, const struct user *user, gid_t **groups, size_t *count,
			 struct error *err)
{
	AUTO_CLOSE int root = plan_open_root(plan);
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

static bool is_of_user(const char *entry)
{
	static const char *const names[] = {"HOME=", "USER=", "LOGNAME=", "SHELL="};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strncmp(entry, names[i], strlen(names[i])) == 0)
			return true;
	}
	return false;
}

/* Fills the room for the user's own variables; returns how many there are. */
static size_t format_variables(const struct user *user, struct user_variables *variables, char **entries)
{
	const char *shell = user->shell[0] ? user->shell : "/bin/sh"; /* passwd(5) */

	snprintf(variables->home, sizeof(variables->home), "HOME=%s", user->home[0] ? user->home : "/");
	entries[0] = variables->home;
	if (!user->name[0])
		return 1;
	snprintf(variables->user, sizeof(variables->user), "USER=%s", user->name);
	snprintf(variables->logname, sizeof(variables->logname), "LOGNAME=%s", user->name);
	snprintf(variables->shell, sizeof(variables->shell), "SHELL=%s", shell);
	entries[1] = variables->user;
	entries[2] = variables->logname;
	entries[3] = variables->shell;
	return 4;
}

int identity_set_environment(struct plan *plan, const struct user *user, struct error *err)
{
	char **entries;
	size_t count = 0;
	size_t next;

	while (plan->environment[count])
		count++;
	entries = calloc(count + 5, sizeof(*entries));
	if (!entries)
		return error_set_errno(err, ENOMEM, "cannot set the environment");
	next = format_variables(user, &plan->user_variables, entries);
	for (size_t i = 0; i < count; i++) {
		if (!is_of_user(plan->environment[i]))
			entries[next++] = plan->environment[i];
	}
	free(plan->own_environment);
	plan->own_environment = entries;
	plan->environment = entries;
	return 0;
}
