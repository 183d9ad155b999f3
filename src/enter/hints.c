/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "enter/hints.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/text.h"
#include "enter/plan.h"
#include "enter/unmapped.h"

#define REQUIRED "it requires CAP_SYS_ADMIN in the user namespace that owns it"

/*
 * Whether the caller created the user namespace or one above it, and so has all
 * capabilities there.  Moves ns up to the caller's own: the kernel opens none
 * above it (ioctl_ns(2)).
 */
static bool is_made_by_caller(struct ns *ns)
{
	bool made = false;
	struct ns parent;
	uid_t uid;

	while (ns_open_parent(ns, &parent) == 0) {
		made = ns_read_owner_uid(ns, &uid) == 0 && uid == geteuid();
		ns_close(ns);
		*ns = parent;
	}
	return made;
}

/* Opens the owner of the refused namespace. */
static int open_owner(const struct plan *plan, enum ns_type type, struct ns *owner)
{
	AUTO_NS struct ns of_process = NS_CLOSED;
	int ret;

	if (plan->namespaces.ns[type].fd >= 0)
		return ns_open_owner(&plan->namespaces.ns[type], owner);
	ret = process_open_ns(&plan->process, ns_type_link(type), &of_process);
	return ret < 0 ? ret : ns_open_owner(&of_process, owner);
}

/* Whether --user-parent would enter the owner: it enters that of the first given namespace. */
static bool is_first_given(const struct plan *plan, enum ns_type type)
{
	if (plan->process.dir_fd >= 0)
		return false;
	for (enum ns_type first = 0; first < type; first++) {
		if (plan->namespaces.ns[first].fd >= 0)
			return false;
	}
	return true;
}

static void hint_at_owner(const struct plan *plan, enum ns_type type, struct error *err)
{
	AUTO_NS struct ns owner = NS_CLOSED;
	ino_t ino;

	if (plan_enters(plan, NS_USER) || open_owner(plan, type, &owner) < 0) {
		error_hint(err, geteuid() == 0 ? REQUIRED : REQUIRED ": run as root");
		return;
	}
	ino = owner.ino;
	if (!is_made_by_caller(&owner))
		error_hint(err, geteuid() == 0 ? REQUIRED : REQUIRED ": run as root");
	else if (plan->process.dir_fd >= 0 && plan->seen.links.ino[NS_LINK_USER] == ino)
		error_hint(err, REQUIRED ": add -U");
	else if (is_first_given(plan, type))
		error_hint(err, REQUIRED ": add --user-parent");
	else
		error_hint(err, REQUIRED ": give user:[%ju] as a target, too", (uintmax_t)ino);
}

int hints_at_join(const struct plan *plan, enum ns_type type, int number, struct error *err)
{
	if (number == EPERM)
		hint_at_owner(plan, type, err);
	else if (number == EINVAL && type == NS_PID)
		error_hint(err, "only the caller's own pid namespace and those below it can be entered");
	else if (number == EINVAL && type == NS_USER)
		error_hint(err, "the caller's own user namespace cannot be entered again");
	return -err->number;
}

/* The options for these types. */
static void format_options(ns_type_set types, char *options, size_t size)
{
	static const char letters[NS_TYPE_COUNT] = {
	    [NS_CGROUP] = 'C', [NS_IPC] = 'i',  [NS_MNT] = 'm',  [NS_NET] = 'n',
	    [NS_PID] = 'p',    [NS_TIME] = 'T', [NS_USER] = 'U', [NS_UTS] = 'u',
	};
	size_t length = 0;

	options[0] = '\0';
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		if (types & 1U << type && length + 4 < size)
			length += (size_t)snprintf(options + length, size - length, "-%c ", letters[type]);
	}
}

/* pid_namespaces(7): a namespace whose first process has ended has no live process; the others still work. */
static void hint_at_ended(const struct plan *plan, struct error *err)
{
	static const char ended[] =
	    "the first process of the pid namespace has ended: nothing can be started in it";
	ns_type_set others = plan->namespaces.types & ~(1U << NS_PID);
	const char *name = plan->namespaces.name;
	char options[64];

	format_options(others, options, sizeof(options));
	if (others == 0)
		error_hint(err, ended);
	else if (name && text_is_shell_word(name))
		error_hint(
		    err, "%s; the other namespaces can be entered: nsctl enter %s%s%.250s", ended, options,
		    others & 1U << NS_USER && !unmapped_has_root(plan) ? "--preserve-credentials " : "",
		    name);
	else
		error_hint(err, "%s; the other namespaces can be entered without it: %s", ended, options);
}

int hints_at_fork(const struct plan *plan, struct error *err)
{
	bool by_process = plan->namespaces.of_process & (1U << NS_PID);

	if (err->number == ENOMEM && !(by_process && process_exists(&plan->process)))
		hint_at_ended(plan, err);
	else if (err->number == EAGAIN)
		error_hint(err, "a limit of processes is reached: the user's (ulimit -u), the cgroup's "
				"(pids.max) or the system's");
	return -err->number;
}

static void hint_at_shell(const struct plan *plan, struct error *err)
{
	char options[64];

	format_options(plan->namespaces.types & ~(1U << NS_MNT), options, sizeof(options));
	if (!options[0] || plan->process.dir_fd < 0)
		error_hint(err, "it has no shell: name a program of it");
	else
		error_hint(err, "it has no shell; the caller's, in its other namespaces: nsctl enter %s%s%d",
			   options, plan_enters(plan, NS_PID) ? "--mount-proc " : "", plan->process.pid);
}

void hints_at_program(const struct enter_request *request, const struct plan *plan, struct error *err)
{
	if (err->number == ENOENT && !request->argv[0])
		hint_at_shell(plan, err);
	else if (err->number == ENOENT && plan->program.path[0] == '/')
		error_hint(err, "it is not in the target's file system, or its interpreter is not");
	else if (err->number == ENOENT)
		error_hint(err, "it is in no directory of PATH in the target's file system");
	else if (err->number == E2BIG)
		error_hint(err, "its arguments and environment exceed the kernel's limit");
}
