/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "enter/namespaces.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/bounded.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "enter/given.h"
#include "enter/hints.h"
#include "enter/plan.h"
#include "ns/uapi.h"
#include "proc/answers.h"

static int set_ns(struct plan *plan, struct ns *ns, const char *text, struct error *err)
{
	struct ns *slot = &plan->namespaces.ns[ns->type];

	if (slot->fd >= 0) {
		ns_close(ns);
		return error_set(err, EINVAL,
				 "'%.400s' is a second %s namespace: one can be entered at a time", text,
				 ns_type_name(slot->type));
	}
	*slot = *ns;
	plan->namespaces.types |= 1U << ns->type;
	ns->fd = -1;
	return 0;
}

static int add_target(const struct enter_request *request, struct plan *plan, const struct target *target,
		      struct error *err)
{
	AUTO_TARGET struct opened_target opened;
	int ret = given_open(request, target, &opened, err);

	for (size_t i = 0; i < opened.ns_count && ret == 0; i++)
		ret = set_ns(plan, &opened.ns[i], target->text, err);
	if (ret < 0 || !opened.is_process)
		return ret;
	if (plan->process.dir_fd >= 0)
		return error_set(err, EINVAL, "'%.400s' is a second process: one can be entered at a time",
				 target->text);
	plan->process = opened.process;
	plan->container = opened.container;
	opened.process = PROCESS_CLOSED;
	opened.container = NULL;
	/* A helper process takes longer than the whole plan: use one only where reading may block. */
	if (process_may_be_executing(&plan->process) && process_check_answers(&plan->process, err) < 0)
		return -err->number;
	return instant_read(request, &plan->process, &plan->seen, err);
}

/* The value of --net=FILE or --net=:ID. */
static int add_file(struct plan *plan, enum engine engine, enum ns_type type, const char *text,
		    struct error *err)
{
	AUTO_NS struct ns ns = NS_CLOSED;
	uint64_t id;
	int ret;

	if (text[0] != ':')
		ret = ns_open_path(text, &ns, err);
	else if (text_parse_number(text + 1, UINT64_MAX, &id) && id != 0)
		ret = target_open_ns_id(id, engine, &ns, err);
	else
		return error_set(err, EINVAL, "'%.400s' is not a namespace id", text);
	if (ret < 0)
		return ret;
	if (ns.type != type) {
		error_set(err, EINVAL, "'%.400s' is a %s namespace, not a %s namespace", text,
			  ns_type_name(ns.type), ns_type_name(type));
		return error_hint(err, "the option for it is --%s",
				  ns.type == NS_MNT ? "mount" : ns_type_name(ns.type));
	}
	return set_ns(plan, &ns, text, err);
}

struct net_socket {
	int pidfd;
	int number;
};

/* In a helper process: copying a descriptor of the process, and closing the copy, can block. */
static int open_net_of_socket(void *context)
{
	const struct net_socket *socket = context;
	int copy = (int)syscall(SYS_pidfd_getfd, socket->pidfd, socket->number, 0);
	int fd = copy < 0 ? -1 : ioctl(copy, SIOCGSKNS);

	return fd < 0 ? -errno : fd;
}

static int add_net_socket(struct plan *plan, int number, struct error *err)
{
	struct net_socket socket = {.pidfd = plan->process.pidfd, .number = number};
	AUTO_NS struct ns ns = NS_CLOSED;
	int fd;
	int ret;

	if (plan_need_process(plan, "--net-socket", err) < 0)
		return -err->number;
	fd = bounded_open(open_net_of_socket, &socket, &socket.pidfd, 1, NULL);
	if (fd < 0) {
		error_set_errno(err, -fd, "cannot get the net namespace of descriptor %d of process %d",
				number, plan->process.pid);
		if (fd == -ENOTTY)
			return error_hint(err, "it is not a socket");
		return fd == -EPERM ? error_hint(err, "it requires CAP_NET_ADMIN there") : fd;
	}
	ret = ns_from_fd(fd, &ns, err);
	return ret < 0 ? ret : set_ns(plan, &ns, "--net-socket", err);
}

static int set_changed(const struct plan *plan, struct error *err)
{
	if (!process_exists(&plan->process))
		return error_set(err, ESRCH, "process %d has ended", plan->process.pid);
	error_set(err, EAGAIN, "process %d changed its namespaces while it was being read",
		  plan->process.pid);
	return error_hint(err, HINT_CHANGED, plan->process.pid);
}

int namespaces_open(struct plan *plan, enum ns_type type, struct error *err)
{
	enum ns_link link = ns_type_link(type);
	int ret;

	if (plan->namespaces.ns[type].fd >= 0)
		return 0;
	ret = process_hold_ns_at(plan->seen.ns_fd, link, plan->seen.links.ino[link],
				 &plan->namespaces.ns[type]);
	if (ret == -ESRCH || ret == -ENOENT)
		return set_changed(plan, err);
	if (ret < 0)
		return error_set_errno(err, -ret, "cannot open the %s namespace of process %d",
				       ns_type_name(type), plan->process.pid);
	return 0;
}

/* Adds the parent of the given or the process's user namespace, else the owner of the first given one. */
static int add_user_parent(struct plan *plan, struct error *err)
{
	AUTO_NS struct ns parent = NS_CLOSED;
	enum ns_type of = NS_USER;
	int ret;

	if (!plan_enters(plan, NS_USER) && plan->process.dir_fd < 0) {
		for (of = 0; of < NS_TYPE_COUNT && plan->namespaces.ns[of].fd < 0; of++)
			;
		if (of == NS_TYPE_COUNT)
			return plan_need_process(plan, "--user-parent", err);
	}
	ret = namespaces_open(plan, of, err);
	if (ret < 0)
		return ret;
	ret = ns_open_owner(&plan->namespaces.ns[of], &parent);
	if (ret < 0) {
		error_set_errno(err, -ret, "cannot open the parent of user namespace %ju",
				(uintmax_t)plan->namespaces.ns[of].ino);
		return error_hint(err, "it lies outside the caller's own user namespace, or there is none");
	}
	ns_close(&plan->namespaces.ns[NS_USER]);
	return set_ns(plan, &parent, "--user-parent", err);
}

/* The directory has two links, and one for each thread. */
static bool has_other_threads(const struct process *process)
{
	struct stat st;

	return fstatat(process->dir_fd, "task", &st, 0) == 0 && st.st_nlink > 3;
}

static int explain_unreadable(const struct plan *plan, enum ns_type type, int reason, struct error *err)
{
	pid_t pid = plan->process.pid;

	error_set_errno(err, reason, "cannot read the %s namespace of process %d", ns_type_name(type), pid);
	if (reason == EACCES || reason == EPERM)
		process_hint_at_permission(err);
	else if (!process_exists(&plan->process))
		error_set(err, ESRCH, "process %d has ended", pid);
	else if ((reason == ENOENT || reason == ESRCH) && !has_other_threads(&plan->process)) {
		error_set(err, ESRCH, "process %d is a zombie: it has exited and left its namespaces", pid);
	} else if (reason == ENOENT || reason == ESRCH) {
		error_set(err, ESRCH, "the main thread of process %d has exited and left its namespaces",
			  pid);
		error_hint(err, "a thread of it that still runs can be entered: ls /proc/%d/task", pid);
	}
	return -err->number;
}

/* Whether the caller is in the target's namespace already; for pid, also whether its children will be. */
static bool has_caller(enum ns_type type, ino_t ino, const struct process_links *own)
{
	if (type == NS_PID && own->ino[NS_LINK_PID_FOR_CHILDREN] != ino)
		return false;
	return own->ino[ns_type_link(type)] == ino;
}

/* Adds the types that come from the process: all that differ, and those asked for by name. */
static int choose_of_process(const struct enter_request *request, struct plan *plan,
			     const struct process_links *own, struct error *err)
{
	bool all = request->all || request->everything;
	const struct process_links *links = &plan->seen.links;

	if (plan->process.dir_fd < 0)
		return 0;
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		bool named = request->wanted & (1U << type);
		int reason = links->reason[ns_type_link(type)];

		if (plan->namespaces.ns[type].fd >= 0 || (!named && !all))
			continue;
		if (own->ino[ns_type_link(type)] == 0) {
			if (named)
				return error_set(err, ENOSYS, "this kernel has no %s namespaces",
						 ns_type_name(type));
			continue;
		}
		if (reason != 0)
			return explain_unreadable(plan, type, reason, err);
		if (has_caller(type, links->ino[ns_type_link(type)], own) && !(named && request->as_nsenter))
			continue;
		plan->namespaces.types |= 1U << type;
	}
	return 0;
}

static int read_own_links(struct plan *plan, struct process_links *own, struct error *err)
{
	plan->namespaces.own_fd = open("/proc/self/ns", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (plan->namespaces.own_fd < 0) {
		error_set_errno(err, errno, "cannot open /proc/self/ns");
		return err->number == ENOENT ? error_hint(err, "mount /proc: mount -t proc proc /proc")
					     : -err->number;
	}
	process_read_links_at(plan->namespaces.own_fd, NS_LINK_SET_ALL & ~(1U << NS_LINK_TIME_FOR_CHILDREN),
			      own);
	return 0;
}

/* Drops given namespaces that the caller is in already: setns(2) refuses one's own user namespace. */
static void skip_own(struct plan *plan, const struct process_links *own)
{
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		struct ns *ns = &plan->namespaces.ns[type];

		if (ns->fd < 0 || !has_caller(type, ns->ino, own))
			continue;
		ns_close(ns);
		plan->namespaces.types &= ~(1U << type);
	}
}

static int add_given(const struct enter_request *request, struct plan *plan, struct error *err)
{
	int ret = 0;

	for (size_t i = 0; i < request->target_count && ret == 0; i++)
		ret = add_target(request, plan, &request->targets[i], err);
	for (enum ns_type type = 0; type < NS_TYPE_COUNT && ret == 0; type++) {
		if (request->files[type])
			ret = add_file(plan, request->engine, type, request->files[type], err);
	}
	if (ret == 0)
		ret = given_check(request, plan, err);
	if (ret == 0 && request->net_socket >= 0)
		ret = add_net_socket(plan, request->net_socket, err);
	return ret;
}

/* Whether the user namespace to be entered is that of the process, also where it was given by a file. */
static bool is_user_of_process(const struct plan *plan)
{
	if (!plan_enters(plan, NS_USER) || (plan->namespaces.of_process & (1U << NS_USER)))
		return plan_enters(plan, NS_USER);
	return plan->process.dir_fd >= 0 &&
	       plan->seen.links.ino[NS_LINK_USER] == plan->namespaces.ns[NS_USER].ino;
}

int namespaces_plan(const struct enter_request *request, struct plan *plan, struct error *err)
{
	struct process_links own;
	int ret = read_own_links(plan, &own, err);

	if (ret == 0)
		ret = add_given(request, plan, err);
	plan->namespaces.given = plan->namespaces.types;
	if (ret == 0)
		ret = choose_of_process(request, plan, &own, err);
	if (ret == 0 && request->user_parent)
		ret = add_user_parent(plan, err);
	if (ret < 0)
		return ret;
	if (!request->as_nsenter)
		skip_own(plan, &own);
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		if (plan_enters(plan, type) && plan->namespaces.ns[type].fd < 0)
			plan->namespaces.of_process |= 1U << type;
	}
	plan->namespaces.has_maps = is_user_of_process(plan);
	plan->namespaces.name = given_name(request);
	return 0;
}

void namespaces_free(struct namespaces *namespaces)
{
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++)
		ns_close(&namespaces->ns[type]);
	cleanup_close(&namespaces->own_fd);
}
