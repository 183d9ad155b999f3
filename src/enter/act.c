#include "enter/act.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "enter/credentials.h"
#include "enter/hints.h"
#include "enter/supervise.h"
#include "ns/uapi.h"

/*
 * From here until exec nobody inside may trace us or read our memory and
 * descriptors through /proc (CVE-2016-9962).  A change of credentials sets
 * the flag anew, to what fs.suid_dumpable says: see prctl(2).
 */
static int become_undumpable(struct error *err)
{
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return error_set_errno(err, errno, "cannot forbid tracing");
	return 0;
}

/* The label that exec will give the program; fork(2) hands it on. */
static int set_context(const struct plan *plan, struct error *err)
{
	if (plan->context_fd >= 0 && write(plan->context_fd, plan->seen.label, strlen(plan->seen.label)) < 0)
		return error_set_errno(err, errno, "cannot set the SELinux context '%.400s'",
				       plan->seen.label);
	return 0;
}

static int set_join_error(const struct plan *plan, enum ns_type type, int number, struct error *err)
{
	if (number == ESRCH)
		return error_set(err, ESRCH, "cannot enter the namespaces of process %d: it has ended",
				 plan->process.pid);
	if (plan->of_process & (1U << type))
		error_set_errno(err, number, "cannot enter the %s namespace of process %d",
				ns_type_name(type), plan->process.pid);
	else
		error_set_errno(err, number, "cannot enter %s:[%ju]", ns_type_name(type),
				(uintmax_t)plan->ns[type].ino);
	hints_at_join(plan, type, number, err);
	return -err->number;
}

/*
 * A setns(2) of many types says no without saying which.  Asking one by one
 * changes this process, which is about to end anyhow.
 */
static int find_refused(const struct plan *plan, const struct join *join, int number, struct error *err)
{
	static const enum ns_type order[] = {NS_USER, NS_CGROUP, NS_IPC, NS_UTS,
					     NS_NET,  NS_PID,    NS_MNT, NS_TIME};

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		if (!(join->types & (1U << order[i])))
			continue;
		if (join->types == 1U << order[i])
			return set_join_error(plan, order[i], number, err);
		if (setns(join->fd, ns_type_clone_flag(order[i])) < 0)
			return set_join_error(plan, order[i], errno, err);
	}
	return error_set_errno(err, number, "cannot enter the namespaces of process %d", plan->process.pid);
}

/* The link in which the caller finds a namespace that it has entered: its children will be in a pid
 * namespace. */
static enum ns_link own_link(enum ns_type type)
{
	return type == NS_PID ? NS_LINK_PID_FOR_CHILDREN : ns_type_link(type);
}

static int check_link(const struct plan *plan, enum ns_type type, ino_t now, int reason, struct error *err)
{
	if (reason == ESRCH || reason == ENOENT)
		return error_set(err, ESRCH, "cannot enter the namespaces of process %d: it has ended",
				 plan->process.pid);
	if (reason != 0)
		return error_set_errno(err, reason, "cannot check the %s namespace after entering it",
				       ns_type_name(type));
	if (now == plan->seen.links.ino[ns_type_link(type)])
		return 0;
	error_set(err, EAGAIN, "process %d changed its %s namespace while it was being entered",
		  plan->process.pid, ns_type_name(type));
	return error_hint(err, "nothing was run; try again once it has started up");
}

/*
 * The process may have changed its namespaces since they were planned, and a
 * setns(2) of its pidfd takes those of now.  Both directories were opened
 * before the join: a /proc from inside could say anything.
 *
 * An inode may be reused once its namespace was freed.  No process can bring
 * that about without CAP_SYS_ADMIN in its user namespace.  It gets that by
 * unshare(2) of the user namespace, but then it has left the planned one for
 * good.  So the user namespace is looked at last.
 */
static int check_joined(const struct plan *plan, struct error *err)
{
	struct process_links links;
	ns_link_set entered = 0;
	ino_t user = 0;
	int ret = 0;

	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++)
		entered |= plan->types & 1U << type ? 1U << own_link(type) : 0;
	process_read_links_at(plan->own_ns_fd, entered, &links);
	for (enum ns_type type = 0; type < NS_TYPE_COUNT && ret == 0; type++) {
		if (plan->types & 1U << type)
			ret = check_link(plan, type, links.ino[own_link(type)], links.reason[own_link(type)],
					 err);
	}
	/* Once in another user namespace, the caller may have no right to look; but then that is checked. */
	if (ret < 0 || plan->types & 1U << NS_USER)
		return ret;
	ret = -process_read_link_at(plan->seen.ns_fd, NS_LINK_USER, &user);
	return check_link(plan, NS_USER, user, ret, err);
}

static int join_namespaces(const struct plan *plan, struct error *err)
{
	for (size_t i = 0; i < plan->join_count; i++) {
		const struct join *join = &plan->joins[i];

		if (setns(join->fd, ns_type_set_clone_flags(join->types)) < 0)
			return find_refused(plan, join, errno, err);
	}
	return plan->by_pidfd ? check_joined(plan, err) : 0;
}

static int change_root(const struct plan *plan, struct error *err)
{
	AUTO_CLOSE int back = -1;

	if (plan->root_fd < 0)
		return 0;
	if (plan->wd_stays) {
		back = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (back < 0)
			return error_set_errno(err, errno, "cannot open the current directory");
	}
	if (fchdir(plan->root_fd) < 0 || chroot(".") < 0)
		return error_set_errno(err, errno, "cannot change the root directory");
	if (back >= 0 && fchdir(back) < 0)
		return error_set_errno(err, errno, "cannot return to the current directory");
	return 0;
}

/*
 * A working directory outside the root is a door to the host's files
 * (CVE-2024-21626).  The kernel's getcwd(2) tells: such a path does not start
 * with a slash, and a directory that was deleted has no path at all.
 */
static int check_inside_root(struct error *err)
{
	char path[PATH_MAX];
	long length = syscall(SYS_getcwd, path, sizeof(path));

	if (length > 0 && path[0] == '/')
		return 0;
	if (length < 0 && errno != ENOENT)
		return error_set_errno(err, errno, "cannot check the working directory");
	error_set(err, EXDEV, "the working directory %s",
		  length < 0 ? "was deleted" : "lies outside the root");
	return error_hint(err, "choose another with --wdns=DIR, a path inside: --wdns=/");
}

static int change_directory(const struct plan *plan, struct error *err)
{
	if (plan->wd_inside && chdir(plan->wd_inside) < 0)
		return error_set_errno(err, errno, "cannot change to the directory '%.400s' inside",
				       plan->wd_inside);
	if (plan->wd_fd < 0)
		return 0;
	if (fchdir(plan->wd_fd) < 0) {
		error_set_errno(err, errno, "cannot change to the working directory");
		return error_hint(err, "choose another with --wdns=DIR, a path inside: --wdns=/");
	}
	return plan->wd_checked ? check_inside_root(err) : 0;
}

/* The last step: the program, or why it could not be. */
static int execute(const struct plan *plan, bool *exec_failed, struct error *err)
{
	environ = plan->environment; /* PATH is looked up in it too */
	execvp(plan->program, plan->argv);
	error_set_errno(err, errno, "cannot execute '%.400s'", plan->program);
	*exec_failed = true;
	return -err->number;
}

/* supervisor is NULL where this process itself becomes the program. */
static int become_program(const struct plan *plan, const struct supervisor *supervisor, bool *exec_failed,
			  struct error *err)
{
	int ret = mounts_apply(&plan->mounts, err);

	if (ret == 0)
		ret = credentials_apply(&plan->credentials, err);
	if (ret == 0)
		ret = become_undumpable(err);
	/* After the credentials: changing them takes the signal away; see prctl(2). */
	if (ret == 0 && supervisor)
		ret = supervisor_follow_parent(supervisor, plan->child_signal, err);
	if (ret == 0 && supervisor)
		ret = supervisor_restore_signals(supervisor, err);
	return ret < 0 ? ret : execute(plan, exec_failed, err);
}

struct child {
	const struct plan *plan;
	const struct supervisor *supervisor;
	bool *exec_failed;
	struct error *err;
};

static int run_in_child(void *context)
{
	const struct child *child = context;

	become_program(child->plan, child->supervisor, child->exec_failed, child->err);
	return EXIT_FAILURE;
}

/* NOLINTNEXTLINE(readability-non-const-parameter): the child writes through it */
static int run_child(struct plan *plan, int *status, bool *exec_failed, struct error *err)
{
	struct child child = {plan, &plan->supervisor, exec_failed, err};
	bool forked;
	int ret = supervisor_run(&plan->supervisor, run_in_child, &child, status, &forked, err);

	if (ret < 0 && !forked)
		hints_at_fork(plan, err);
	return ret;
}

int act_enter(const struct plan *plan, struct error *err)
{
	int ret = set_context(plan, err);

	if (ret == 0)
		ret = cgroups_join(&plan->cgroups, plan->process.pid, err);
	if (ret == 0)
		ret = become_undumpable(err);
	if (ret == 0)
		ret = credentials_drop_groups(&plan->credentials, err);
	if (ret == 0)
		ret = join_namespaces(plan, err);
	if (ret == 0)
		ret = change_root(plan, err);
	return ret < 0 ? ret : change_directory(plan, err);
}

int act_run(struct plan *plan, int *status, bool *exec_failed, struct error *err)
{
	*exec_failed = false;
	return plan->fork ? run_child(plan, status, exec_failed, err)
			  : become_program(plan, NULL, exec_failed, err);
}
