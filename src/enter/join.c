/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "enter/join.h"

#include <errno.h>
#include <sched.h>
#include <stdint.h>

#include "base/kernel_release.h"
#include "enter/hints.h"
#include "enter/plan.h"

/* setns(2) accepts a pidfd since Linux 5.8.  A faked release (setarch --uname-2.6) only makes it slower. */
static bool kernel_joins_by_pidfd(void)
{
	return kernel_release() >= KERNEL_VERSION(5, 8, 0);
}

/* Whether inner is outer or below it. */
static bool is_within(struct ns *inner, const struct ns *outer)
{
	while (!ns_is_same(inner, outer)) {
		struct ns parent;

		if (ns_open_parent(inner, &parent) < 0)
			return false;
		ns_close(inner);
		*inner = parent;
	}
	return true;
}

/*
 * In the entered user namespace the caller has capabilities over the namespaces
 * owned by it and by those below it only: all others must be entered before.
 */
static bool is_joined_after_user(const struct plan *plan, enum ns_type type)
{
	AUTO_NS struct ns owner = NS_CLOSED;

	if (!plan_enters(plan, NS_USER))
		return false;
	return ns_open_owner(&plan->namespaces.ns[type], &owner) == 0 &&
	       is_within(&owner, &plan->namespaces.ns[NS_USER]);
}

static void add_call(struct plan *plan, int fd, ns_type_set types)
{
	plan->join.calls[plan->join.count++] = (struct setns_call){.fd = fd, .types = types};
}

static void order_calls(struct plan *plan)
{
	ns_type_set after = 0;

	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		if (type == NS_USER || !plan_enters(plan, type))
			continue;
		if (is_joined_after_user(plan, type))
			after |= 1U << type;
		else
			add_call(plan, plan->namespaces.ns[type].fd, 1U << type);
	}
	if (plan_enters(plan, NS_USER))
		add_call(plan, plan->namespaces.ns[NS_USER].fd, 1U << NS_USER);
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		if (after & (1U << type))
			add_call(plan, plan->namespaces.ns[type].fd, 1U << type);
	}
}

/*
 * Whoever has capabilities in the user namespace that owns a mnt namespace decides
 * which programs are found there.  unshare(2) of both changes the mnt namespace
 * first and the user namespace last: a process that is preempted in between, for
 * as long as it likes, is still in its former user namespace.
 */
static int check_mnt_owner(struct plan *plan, struct error *err)
{
	int ret;

	if (namespaces_open(plan, NS_MNT, err) < 0)
		return -err->number;
	ret = ns_is_owned_below(&plan->namespaces.ns[NS_MNT], plan->seen.links.ino[NS_LINK_USER]);
	if (ret < 0)
		return error_set_errno(err, -ret, "cannot read the owner of the mnt namespace of process %d",
				       plan->process.pid);
	if (ret == 0)
		return 0;
	error_set(err, EPERM,
		  "the mnt namespace of process %d belongs to a user namespace below that of the process",
		  plan->process.pid);
	return error_hint(err, "to enter it with its owner: nsctl enter --user-parent /proc/%d/ns/mnt",
			  plan->process.pid);
}

/* Types that are named one by one are the user's decision. */
static bool needs_mnt_owner(const struct enter_request *request, const struct plan *plan)
{
	return (request->all || request->everything) && (plan->namespaces.of_process & (1U << NS_MNT));
}

/*
 * One setns(2) of a pidfd enters all of a process's namespaces at one instant, in
 * the right order; join_apply() checks that they are still the planned ones.
 * Namespaces from several places are opened here and entered one by one.
 */
int join_plan(const struct enter_request *request, struct plan *plan, struct error *err)
{
	if (plan->namespaces.types == 0)
		return 0;
	if (needs_mnt_owner(request, plan) && check_mnt_owner(plan, err) < 0)
		return -err->number;
	if (plan->namespaces.types == plan->namespaces.of_process && plan->process.pidfd >= 0 &&
	    kernel_joins_by_pidfd()) {
		plan->join.by_pidfd = true;
		add_call(plan, plan->process.pidfd, plan->namespaces.types);
		return 0;
	}
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		int ret = plan_enters(plan, type) ? namespaces_open(plan, type, err) : 0;

		if (ret < 0)
			return ret;
	}
	order_calls(plan);
	return 0;
}

/* In the entered user namespace the child lacks the caller's capabilities over namespaces that others own. */
static int can_join_in_child(struct plan *plan, struct error *err)
{
	if (!plan_enters(plan, NS_USER))
		return 1;
	if (namespaces_open(plan, NS_USER, err) < 0)
		return -err->number;
	return is_joined_after_user(plan, NS_CGROUP);
}

static void remove_from_calls(struct join *join, enum ns_type type)
{
	size_t kept = 0;

	for (size_t i = 0; i < join->count; i++) {
		join->calls[i].types &= ~(1U << type);
		if (join->calls[i].types != 0)
			join->calls[kept++] = join->calls[i];
	}
	join->count = kept;
}

int join_plan_in_child(const struct enter_request *request, struct plan *plan, struct error *err)
{
	int ret;

	(void)request;
	if (!plan->supervisor.wanted || plan->cgroups.count == 0 || !plan_enters(plan, NS_CGROUP))
		return 0;
	if (namespaces_open(plan, NS_CGROUP, err) < 0)
		return -err->number;
	ret = can_join_in_child(plan, err);
	if (ret <= 0)
		return ret;
	plan->join.cgroup_in_child = true;
	remove_from_calls(&plan->join, NS_CGROUP);
	return 0;
}

static int set_join_error(const struct plan *plan, enum ns_type type, int number, struct error *err)
{
	if (number == ESRCH)
		return error_set(err, ESRCH, "cannot enter the namespaces of process %d: it has ended",
				 plan->process.pid);
	if (plan->namespaces.of_process & (1U << type))
		error_set_errno(err, number, "cannot enter the %s namespace of process %d",
				ns_type_name(type), plan->process.pid);
	else
		error_set_errno(err, number, "cannot enter %s:[%ju]", ns_type_name(type),
				(uintmax_t)plan->namespaces.ns[type].ino);
	return hints_at_join(plan, type, number, err);
}

/*
 * setns(2) of many types does not report which one it refused.  Trying them one
 * by one changes this process, which exits anyway.
 */
static int find_refused(const struct plan *plan, const struct setns_call *call, int number, struct error *err)
{
	static const enum ns_type order[] = {NS_USER, NS_CGROUP, NS_IPC, NS_UTS,
					     NS_NET,  NS_PID,    NS_MNT, NS_TIME};

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		if (!(call->types & (1U << order[i])))
			continue;
		if (call->types == 1U << order[i])
			return set_join_error(plan, order[i], number, err);
		if (setns(call->fd, ns_type_clone_flag(order[i])) < 0)
			return set_join_error(plan, order[i], errno, err);
	}
	return error_set_errno(err, number, "cannot enter the namespaces of process %d", plan->process.pid);
}

/* Not the one that the child enters: its descriptor was opened, and its inode compared, by the plan. */
ns_type_set join_types_now(const struct plan *plan)
{
	return plan->namespaces.types & ~(plan->join.cgroup_in_child ? 1U << NS_CGROUP : 0);
}

/* The caller's link to a namespace that it has entered: only its children will be in a pid namespace. */
static enum ns_link own_link(enum ns_type type)
{
	return type == NS_PID ? NS_LINK_PID_FOR_CHILDREN : ns_type_link(type);
}

static int check_link(const struct plan *plan, enum ns_type type, ino_t now, int reason, struct error *err)
{
	if (reason == ESRCH || reason == ENOENT)
		return set_join_error(plan, type, ESRCH, err);
	if (reason != 0)
		return error_set_errno(err, reason, "cannot check the %s namespace after entering it",
				       ns_type_name(type));
	if (now == plan->seen.links.ino[ns_type_link(type)])
		return 0;
	error_set(err, EAGAIN, "process %d changed its %s namespace while it was being entered",
		  plan->process.pid, ns_type_name(type));
	return error_hint(err, "nothing was run; " HINT_CHANGED, plan->process.pid);
}

/*
 * The process may have changed its namespaces since they were planned, and
 * setns(2) of its pidfd enters the current ones.  Both directories were opened
 * before the join: a /proc from inside could show anything.
 *
 * The inode of a freed namespace may be reused.  A process can cause that only
 * with CAP_SYS_ADMIN in its user namespace.  unshare(2) of the user namespace
 * gives it that, but then it cannot return to the planned one.  So the user
 * namespace is checked last.
 */
static int check_joined(const struct plan *plan, struct error *err)
{
	ns_type_set types = join_types_now(plan);
	struct process_links links;
	ns_link_set entered = 0;
	ino_t user = 0;
	int ret = 0;

	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++)
		entered |= types & 1U << type ? 1U << own_link(type) : 0;
	process_read_links_at(plan->namespaces.own_fd, entered, &links);
	for (enum ns_type type = 0; type < NS_TYPE_COUNT && ret == 0; type++) {
		if (types & 1U << type)
			ret = check_link(plan, type, links.ino[own_link(type)], links.reason[own_link(type)],
					 err);
	}
	/* In another user namespace the caller may not be able to read it; but then it was checked above. */
	if (ret < 0 || plan_enters(plan, NS_USER))
		return ret;
	ret = -process_read_link_at(plan->seen.ns_fd, NS_LINK_USER, &user);
	return check_link(plan, NS_USER, user, ret, err);
}

int join_apply(const struct plan *plan, struct error *err)
{
	for (size_t i = 0; i < plan->join.count; i++) {
		const struct setns_call *call = &plan->join.calls[i];

		if (setns(call->fd, ns_type_set_clone_flags(call->types)) < 0)
			return find_refused(plan, call, errno, err);
	}
	return plan->join.by_pidfd ? check_joined(plan, err) : 0;
}

int join_apply_in_child(const struct plan *plan, struct error *err)
{
	if (!plan->join.cgroup_in_child || setns(plan->namespaces.ns[NS_CGROUP].fd, CLONE_NEWCGROUP) == 0)
		return 0;
	return set_join_error(plan, NS_CGROUP, errno, err);
}
