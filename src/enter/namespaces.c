/* Which namespaces are entered, from where, and in which order. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/bounded.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "enter/plan.h"
#include "ns/uapi.h"
#include "proc/answers.h"
#include "target/target.h"

static int need_process(const struct plan *plan, const char *what, struct error *err)
{
	if (plan->process.dir_fd >= 0)
		return 0;
	error_set(err, EINVAL, "%s needs a process", what);
	return error_hint(err, "give one with -t PID");
}

static int set_ns(struct plan *plan, struct ns *ns, const char *text, struct error *err)
{
	struct ns *slot = &plan->ns[ns->type];

	if (slot->fd >= 0) {
		ns_close(ns);
		return error_set(err, EINVAL,
				 "'%.400s' is a second %s namespace: one can be entered at a time", text,
				 ns_type_name(slot->type));
	}
	*slot = *ns;
	plan->types |= 1U << ns->type;
	ns->fd = -1;
	return 0;
}

static int add_target(const struct enter_request *request, struct plan *plan, const char *text,
		      struct error *err)
{
	AUTO_TARGET struct opened_target opened;
	int ret = target_open_text(text, request->engine, &opened, err);

	if (ret < 0)
		return ret;
	if (!opened.is_process)
		return set_ns(plan, &opened.ns, text, err);
	if (plan->process.dir_fd >= 0)
		return error_set(err, EINVAL, "'%.400s' is a second process: one can be entered at a time",
				 text);
	plan->process = opened.process;
	opened.process = PROCESS_CLOSED;
	/* A helper takes more time than all of the plan: it is asked only where it may have something to say.
	 */
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

/* In a helper: the process can let whoever copies a descriptor of its wait, and whoever closes the copy. */
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
	int ret = need_process(plan, "--net-socket", err);

	if (ret < 0)
		return ret;
	fd = bounded_open(open_net_of_socket, &socket, &socket.pidfd, 1, NULL);
	if (fd < 0) {
		error_set_errno(err, -fd, "cannot get the net namespace of descriptor %d of process %d",
				number, plan->process.pid);
		if (fd == -ENOTTY)
			return error_hint(err, "it is no socket");
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
	return error_hint(err, "try again once it has started up");
}

/* Opens what the process had of this type when it was read, unless a file was given for it. */
static int open_of_process(struct plan *plan, enum ns_type type, struct error *err)
{
	enum ns_link link = ns_type_link(type);
	int ret;

	if (plan->ns[type].fd >= 0)
		return 0;
	ret = process_hold_ns_at(plan->seen.ns_fd, link, plan->seen.links.ino[link], &plan->ns[type]);
	if (ret == -ESRCH || ret == -ENOENT)
		return set_changed(plan, err);
	if (ret < 0)
		return error_set_errno(err, -ret, "cannot open the %s namespace of process %d",
				       ns_type_name(type), plan->process.pid);
	return 0;
}

/* The user namespace above the one to be entered, or above any other namespace that is. */
static int add_user_parent(struct plan *plan, struct error *err)
{
	AUTO_NS struct ns parent = NS_CLOSED;
	enum ns_type of = NS_USER;
	int ret;

	if (!(plan->types & (1U << NS_USER)) && plan->process.dir_fd < 0) {
		for (of = 0; of < NS_TYPE_COUNT && plan->ns[of].fd < 0; of++)
			;
		if (of == NS_TYPE_COUNT)
			return need_process(plan, "--user-parent", err);
	}
	ret = open_of_process(plan, of, err);
	if (ret < 0)
		return ret;
	ret = ns_open_owner(&plan->ns[of], &parent);
	if (ret < 0) {
		error_set_errno(err, -ret, "cannot open the parent of user namespace %ju",
				(uintmax_t)plan->ns[of].ino);
		return error_hint(err, "it lies outside the caller's own user namespace, or there is none");
	}
	ns_close(&plan->ns[NS_USER]);
	return set_ns(plan, &parent, "--user-parent", err);
}

/* The links of the directory are itself, its parent's entry and the threads. */
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

/*
 * Whether the target's namespace is where the caller is already.  Of pid the
 * caller has two that may differ: what it is in, and what its children get.
 */
static bool is_own(enum ns_type type, const struct process_links *own, const struct process_links *links)
{
	ino_t ino = links->ino[ns_type_link(type)];

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

		if (plan->ns[type].fd >= 0 || (!named && !all))
			continue;
		if (own->ino[ns_type_link(type)] == 0) {
			if (named)
				return error_set(err, ENOSYS, "this kernel has no %s namespaces",
						 ns_type_name(type));
			continue;
		}
		if (reason != 0)
			return explain_unreadable(plan, type, reason, err);
		if (is_own(type, own, links) && !(named && request->as_nsenter))
			continue;
		plan->types |= 1U << type;
	}
	return 0;
}

/*
 * setns(2) takes a pidfd since Linux 5.8.  A release that lies (setarch
 * --uname-2.6) only costs the longer way.
 */
static bool kernel_joins_by_pidfd(void)
{
	struct utsname name;
	unsigned int major;
	unsigned int minor;

	return uname(&name) == 0 && sscanf(name.release, "%u.%u", &major, &minor) == 2 &&
	       (major > 5 || (major == 5 && minor >= 8));
}

/* Whether inner is outer, or below it. */
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
 * Once in the user namespace, the caller has power over what it and those
 * below it own, and over nothing else: the rest has to be entered before.
 */
static bool is_joined_after_user(const struct plan *plan, enum ns_type type)
{
	AUTO_NS struct ns owner = NS_CLOSED;

	if (!(plan->types & (1U << NS_USER)))
		return false;
	return ns_open_owner(&plan->ns[type], &owner) == 0 && is_within(&owner, &plan->ns[NS_USER]);
}

static void add_join(struct plan *plan, int fd, ns_type_set types)
{
	plan->joins[plan->join_count++] = (struct join){.fd = fd, .types = types};
}

static void order_joins(struct plan *plan)
{
	ns_type_set after = 0;

	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		if (type == NS_USER || !(plan->types & (1U << type)))
			continue;
		if (is_joined_after_user(plan, type))
			after |= 1U << type;
		else
			add_join(plan, plan->ns[type].fd, 1U << type);
	}
	if (plan->types & (1U << NS_USER))
		add_join(plan, plan->ns[NS_USER].fd, 1U << NS_USER);
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		if (after & (1U << type))
			add_join(plan, plan->ns[type].fd, 1U << type);
	}
}

/*
 * One setns(2) of a pidfd enters all of a process's namespaces as they are at
 * one instant, and the kernel sees to the order; act_enter() checks that they
 * are still those of the plan.  Namespaces from several places are opened here
 * and entered one by one.
 */
static int plan_joins(struct plan *plan, struct error *err)
{
	if (plan->types == 0)
		return 0;
	if (plan->types == plan->of_process && plan->process.pidfd >= 0 && kernel_joins_by_pidfd()) {
		plan->by_pidfd = true;
		add_join(plan, plan->process.pidfd, plan->types);
		return 0;
	}
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		int ret = plan->types & (1U << type) ? open_of_process(plan, type, err) : 0;

		if (ret < 0)
			return ret;
	}
	order_joins(plan);
	return 0;
}

static int read_own_links(struct plan *plan, struct process_links *own, struct error *err)
{
	plan->own_ns_fd = open("/proc/self/ns", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (plan->own_ns_fd < 0) {
		error_set_errno(err, errno, "cannot open /proc/self/ns");
		return err->number == ENOENT ? error_hint(err, "mount /proc: mount -t proc proc /proc")
					     : -err->number;
	}
	process_read_links_at(plan->own_ns_fd, NS_LINK_SET_ALL & ~(1U << NS_LINK_TIME_FOR_CHILDREN), own);
	return 0;
}

/* Drops namespaces given by a file that the caller is in already: setns(2) refuses one's own user namespace.
 */
static void skip_own(struct plan *plan, const struct process_links *own)
{
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		struct process_links links;

		if (plan->ns[type].fd < 0)
			continue;
		links.ino[ns_type_link(type)] = plan->ns[type].ino;
		if (!is_own(type, own, &links))
			continue;
		ns_close(&plan->ns[type]);
		plan->types &= ~(1U << type);
	}
}

static int add_given(const struct enter_request *request, struct plan *plan, struct error *err)
{
	int ret = 0;

	for (size_t i = 0; i < request->target_count && ret == 0; i++)
		ret = add_target(request, plan, request->targets[i], err);
	for (enum ns_type type = 0; type < NS_TYPE_COUNT && ret == 0; type++) {
		if (request->files[type])
			ret = add_file(plan, request->engine, type, request->files[type], err);
	}
	if (ret == 0 && (request->all || (request->wanted & ~plan->types)))
		ret = need_process(plan, "a namespace without a file", err);
	if (ret == 0 && request->net_socket >= 0)
		ret = add_net_socket(plan, request->net_socket, err);
	return ret;
}

/* Whether the user namespace to be entered is the one that the process is in, also where a file names it. */
static bool is_user_of_process(const struct plan *plan)
{
	if (!(plan->types & (1U << NS_USER)) || (plan->of_process & (1U << NS_USER)))
		return plan->types & (1U << NS_USER);
	return plan->process.dir_fd >= 0 && plan->seen.links.ino[NS_LINK_USER] == plan->ns[NS_USER].ino;
}

int plan_namespaces(const struct enter_request *request, struct plan *plan, struct error *err)
{
	struct process_links own;
	int ret = read_own_links(plan, &own, err);

	if (ret == 0)
		ret = add_given(request, plan, err);
	if (ret == 0)
		ret = choose_of_process(request, plan, &own, err);
	if (ret == 0 && request->user_parent)
		ret = add_user_parent(plan, err);
	if (ret < 0)
		return ret;
	if (!request->as_nsenter)
		skip_own(plan, &own);
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++)
		plan->of_process |= plan->ns[type].fd < 0 ? plan->types & (1U << type) : 0;
	plan->has_maps = is_user_of_process(plan);
	return plan_joins(plan, err);
}
