/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "enter/cgroups.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "enter/plan.h"

/*
 * Returns 0 where a process that joins the cgroup will run; -EBUSY where the
 * cgroup or one above it is frozen or being frozen: see cgroup_is_frozen().
 */
static int check_thawed(const struct cgroup *cgroup, pid_t pid, struct error *err)
{
	int ret = cgroup->can_freeze ? cgroup_is_frozen(cgroup->dir_fd, cgroup->depth) : 0;

	if (ret == 0)
		return 0;
	if (ret < 0)
		return error_set_errno(err, -ret,
				       "cannot read the state of the cgroup '%.400s' of process %d",
				       cgroup->path, pid);
	error_set(err, EBUSY, "cannot join the cgroup '%.400s' of process %d: its cgroup is frozen",
		  cgroup->path, pid);
	return error_hint(err, "thaw it first (unpause the container), or enter without --join-cgroup");
}

struct search {
	struct cgroup_hierarchies hierarchies;
	struct cgroups *cgroups;
};

static bool is_version_2(const struct cgroup_hierarchy *hierarchy)
{
	return hierarchy->controllers[0] == '\0';
}

static bool can_freeze(const struct cgroup_hierarchy *hierarchy)
{
	return is_version_2(hierarchy) || cgroup_has_controllers(hierarchy->controllers, "freezer");
}

/*
 * Keeps a cgroup that the caller can write to.  By "tasks" a process of one thread moves as
 * by cgroup.procs, but waits for no other processor (Linux 5.5; see clone_into_cgroup()).
 */
static int keep_cgroup(struct cgroup_hierarchy *hierarchy, void *context)
{
	struct cgroups *cgroups = ((struct search *)context)->cgroups;
	const char *name = is_version_2(hierarchy) ? "cgroup.procs" : "tasks";
	AUTO_CLOSE int join_fd = cgroup_open_on_mount(hierarchy->dir_fd, name, O_WRONLY, hierarchy->mount_id);
	char *copy;

	if (join_fd < 0)
		return join_fd;
	copy = strdup(hierarchy->path);
	if (!copy)
		return -ENOMEM;
	cgroups->items[cgroups->count++] = (struct cgroup){
	    .path = copy,
	    .join_fd = take_fd(&join_fd),
	    .dir_fd = take_fd(&hierarchy->dir_fd),
	    .depth = hierarchy->depth,
	    .is_version_2 = is_version_2(hierarchy),
	    .can_freeze = can_freeze(hierarchy),
	};
	return 0;
}

static int explain_unopened(const struct cgroup_hierarchy *hierarchy, pid_t pid, struct error *err)
{
	const char *path = hierarchy->path;

	if (hierarchy->reason == 0) {
		error_set(err, ENOENT, "no mount here shows the cgroup '%.400s' of process %d", path, pid);
		return error_hint(err, "it lies outside the caller's part of the hierarchy");
	}
	if (hierarchy->reason == EXDEV) {
		error_set(err, EXDEV, "cannot reach the cgroup '%.400s' of process %d", path, pid);
		return error_hint(err, "another mount hides the cgroup file system");
	}
	error_set_errno(err, hierarchy->reason, "cannot join the cgroup '%.400s' of process %d", path, pid);
	if (hierarchy->reason == EACCES || hierarchy->reason == EPERM)
		error_hint(err, "it requires write permission for its cgroup.procs, as root has");
	return -err->number;
}

static int check_search(const struct search *search, pid_t pid, struct error *err)
{
	for (size_t i = 0; i < search->hierarchies.count; i++) {
		const struct cgroup_hierarchy *hierarchy = &search->hierarchies.items[i];

		if (hierarchy->is_mounted && !hierarchy->is_open)
			return explain_unopened(hierarchy, pid, err);
	}
	if (search->cgroups->count > 0 || search->hierarchies.count == 0)
		return 0;
	error_set(err, ENOENT, "no cgroup of process %d can be joined", pid);
	return error_hint(err, "no cgroup file system is mounted here");
}

static void keep_those_that_freeze(struct cgroup_hierarchies *hierarchies)
{
	size_t kept = 0;

	for (size_t i = 0; i < hierarchies->count; i++) {
		if (can_freeze(&hierarchies->items[i]))
			hierarchies->items[kept++] = hierarchies->items[i];
	}
	hierarchies->count = kept;
}

/* only_freezers: nothing is to be joined. */
static int open_all(char *of_process, const char *own, pid_t pid, bool only_freezers, struct cgroups *cgroups,
		    struct error *err)
{
	struct search search = {.cgroups = cgroups};
	int ret = cgroup_hierarchies_parse(of_process, own, &search.hierarchies);

	if (ret < 0)
		return error_set_errno(err, -ret, "cannot read the cgroups of process %d", pid);
	if (only_freezers)
		keep_those_that_freeze(&search.hierarchies);
	ret = cgroup_hierarchies_open(&search.hierarchies, keep_cgroup, &search);
	if (ret < 0)
		return error_set_errno(err, -ret, "cannot read /proc/self/mountinfo");
	ret = check_search(&search, pid, err);
	for (size_t i = 0; i < cgroups->count && ret == 0; i++)
		ret = check_thawed(&cgroups->items[i], pid, err);
	return ret;
}

static int refuse_frozen(const struct enter_request *request, const struct plan *plan, struct error *err)
{
	if (plan->container)
		error_set(err, EBUSY, "the container '%.200s' is paused: its cgroup is frozen",
			  plan->container->name);
	return error_hint(err, "%s it first%s", plan->container ? "unpause" : "thaw",
			  request->confined ? "" : ", or use --no-join-cgroup");
}

/* A frozen cgroup is always refused: the program would freeze in it. */
static int check_frozen(const struct enter_request *request, const struct plan *plan, struct error *err)
{
	for (size_t i = 0; i < plan->cgroups.count; i++) {
		struct error frozen;

		if (check_thawed(&plan->cgroups.items[i], plan->process.pid, &frozen) == 0)
			continue;
		*err = frozen;
		return frozen.number == EBUSY ? refuse_frozen(request, plan, err) : -frozen.number;
	}
	return 0;
}

/*
 * Without a demand, all cgroups are joined or none.  A confined program joins those that
 * can be had, as each of them limits it.
 */
static int note_unjoined(const struct enter_request *request, struct plan *plan, struct error *err)
{
	struct error reason = *err;

	if (request->join_cgroup && !request->confined)
		return -err->number;
	if (check_frozen(request, plan, err) < 0)
		return -err->number;
	if (request->confined)
		return missing_note(&plan->missing, &reason);
	cgroups_free(&plan->cgroups);
	return 0;
}

/* The path of a cgroup namespace's own cgroup is "/": outside of it a program would read "/../..". */
static bool wants_cgroups(const struct enter_request *request, const struct plan *plan)
{
	return request->join_cgroup ||
	       (request->join_with_ns && plan_enters(plan, NS_CGROUP) && plan->seen.cgroup);
}

/* Whether a container is entered as a whole: a paused one is then refused. */
static bool enters_container(const struct enter_request *request, const struct plan *plan)
{
	return plan->container && request->everything && request->join_with_ns;
}

int cgroups_plan(const struct enter_request *request, struct plan *plan, struct error *err)
{
	AUTO_FREE char *of_process = NULL;
	AUTO_FREE char *own = NULL;
	ssize_t length;
	int ret;

	if (!wants_cgroups(request, plan) && !enters_container(request, plan))
		return 0;
	if (plan_need_process(plan, "--join-cgroup", err) < 0)
		return -err->number;
	of_process = plan->seen.cgroup ? strdup(plan->seen.cgroup) : NULL;
	length = file_load_at(AT_FDCWD, "/proc/thread-self/cgroup", CGROUP_FILE_LIMIT, &own);
	if (!of_process || length < 0)
		return error_set_errno(err, of_process ? (int)-length : ENOMEM,
				       "cannot read the caller's cgroups");
	ret =
	    open_all(of_process, own, plan->process.pid, !wants_cgroups(request, plan), &plan->cgroups, err);
	if (ret < 0)
		return note_unjoined(request, plan, err);
	if (!wants_cgroups(request, plan))
		cgroups_free(&plan->cgroups);
	return 0;
}

void cgroups_free(struct cgroups *cgroups)
{
	for (size_t i = 0; i < cgroups->count; i++) {
		free(cgroups->items[i].path);
		cleanup_close(&cgroups->items[i].join_fd);
		cleanup_close(&cgroups->items[i].dir_fd);
	}
	cgroups->count = 0;
}

static int join_cgroup(const struct cgroup *cgroup, pid_t pid, struct error *err)
{
	int ret = check_thawed(cgroup, pid, err);

	if (ret < 0)
		return ret;
	/* "0" is the writer itself; see cgroups(7). */
	if (write(cgroup->join_fd, "0", 1) >= 0)
		return 0;
	error_set_errno(err, errno, "cannot join the cgroup '%.400s' of process %d", cgroup->path, pid);
	if (cgroup->is_version_2 && (err->number == EACCES || err->number == EPERM))
		error_hint(
		    err,
		    "it requires write permission for cgroup.procs in their common ancestor, as root has");
	else if (err->number == EACCES || err->number == EPERM)
		error_hint(err, "it requires root");
	else if (err->number == ENOSPC)
		error_hint(err, "its cpuset has no CPUs or no memory nodes");
	else if (err->number == EBUSY)
		error_hint(err,
			   "it delegates controllers to the cgroups below it, and can contain no processes");
	return -err->number;
}

int cgroups_apply(const struct plan *plan, struct error *err)
{
	int ret = 0;

	for (size_t i = 0; i < plan->cgroups.count && ret == 0; i++) {
		if (!plan->cgroups.items[i].is_version_2 || !plan->supervisor.starts_in_cgroup)
			ret = join_cgroup(&plan->cgroups.items[i], plan->process.pid, err);
	}
	return ret;
}

int cgroups_find_start(const struct plan *plan)
{
	for (size_t i = 0; i < plan->cgroups.count; i++) {
		const struct cgroup *cgroup = &plan->cgroups.items[i];
		struct error ignored; /* the child will report it */

		if (cgroup->is_version_2)
			return check_thawed(cgroup, plan->process.pid, &ignored) == 0 ? cgroup->dir_fd : -1;
	}
	return -1;
}
