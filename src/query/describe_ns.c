/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <sys/utsname.h>

#include "base/bounded.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "proc/answers.h"
#include "query/describe.h"
#include "scan/scan.h"

#define MOUNTINFO_LIMIT (64U << 20)

void ns_facts_read(const struct ns *ns, struct ns_facts *facts)
{
	AUTO_NS struct ns owner = NS_CLOSED;
	AUTO_NS struct ns parent = NS_CLOSED;

	facts->id = ns_read_id(ns);
	facts->owner = ns_read_owner(ns, &owner);
	facts->parent = ns_read_parent(ns, &parent);
}

static void read_owner_uid(const struct ns *ns, struct ns_description *description)
{
	AUTO_NS struct ns owner = NS_CLOSED;
	int ret = 0;

	if (ns->type != NS_USER)
		ret = ns_open_owner(ns, &owner);
	if (ret == 0)
		ret = ns_read_owner_uid(ns->type == NS_USER ? ns : &owner, &description->owner_uid);
	description->owner_uid_reason = -ret;
}

/* By ioctl(2), else by counting the lines of mountinfo of a process in it. */
static void read_mount_count(const struct ns *ns, const struct process *member,
			     struct ns_description *description)
{
	AUTO_FREE char *text = NULL;
	uint32_t count;
	ssize_t length;

	if (ns_read_mount_count(ns, &count) == 0) {
		description->mount_count = count;
		return;
	}
	length =
	    member->dir_fd < 0 ? -ENODATA : file_load_at(member->dir_fd, "mountinfo", MOUNTINFO_LIMIT, &text);
	for (ssize_t i = 0; i < length; i++)
		description->mount_count += text[i] == '\n';
	description->mount_count_reason = length < 0 ? (int)-length : 0;
}

static void read_offsets(const struct process *member, struct ns_description *description)
{
	ssize_t length = -ENODATA;

	if (member->dir_fd >= 0)
		length = file_read_at(member->dir_fd, "timens_offsets", description->offsets,
				      sizeof(description->offsets));
	description->offsets_reason = length < 0 ? (int)-length : 0;
}

/* In a helper; context: a descriptor, or -1 for the caller's own namespace. */
static int read_host_name_inside(size_t item, struct bounded_reply *reply, void *context)
{
	const int *fd = context;
	struct utsname names;

	(void)item;
	if ((*fd >= 0 && setns(*fd, CLONE_NEWUTS) < 0) || uname(&names) < 0)
		return -errno;
	return bounded_store(reply, names.nodename, sizeof(names.nodename)) ? 0 : -ENOMEM;
}

/* No file has the host name of another namespace: a helper joins it and calls uname(2). */
static void read_host_name(const struct ns *ns, struct ns_description *description)
{
	AUTO_BOUNDED struct bounded answers = {0};
	int fd = description->facts.has_caller ? -1 : ns->fd;
	const struct bounded_job job = {
	    .count = 1,
	    .limit = sizeof(description->host_name),
	    .items_per_helper = 1,
	    .work = read_host_name_inside,
	    .context = &fd,
	    .keep = &ns->fd,
	    .keep_count = 1,
	};
	long ret = bounded_run(&job, NULL, &answers);
	int status = ret < 0 ? (int)ret : bounded_status(&answers, 0);
	size_t size;

	description->host_name_reason = status == BOUNDED_NO_ANSWER ? ETIMEDOUT : -status;
	if (status == 0)
		snprintf(description->host_name, sizeof(description->host_name), "%s",
			 (const char *)bounded_data(&answers, 0, &size));
}

static void read_maps(const struct process *member, struct ns_description *description)
{
	int ret =
	    member->dir_fd < 0 ? -ENODATA : process_read_id_map(member, "uid_map", &description->uid_map);

	if (ret == 0)
		ret = process_read_id_map(member, "gid_map", &description->gid_map);
	description->maps_reason = -ret;
}

/* Returns the lowest PID whose link leads to the namespace, or 0. */
static pid_t find_ns_member(const struct ns *ns, enum ns_link link, enum engine engine)
{
	const struct scan_request request = {.types = 1U << ns->type, .engine = engine, .leaders_only = true};
	AUTO_SNAPSHOT struct snapshot snapshot = {0};
	struct error ignored; /* there is no member then */
	pid_t lowest = 0;
	uint32_t index;

	if (scan(&request, &snapshot, &ignored) < 0)
		return 0;
	index = snapshot_find_ns(&snapshot, ns->type, ns->ino);
	for (size_t i = 0; i < snapshot.set_count && index != SNAPSHOT_NONE; i++) {
		const struct snapshot_set *set = &snapshot.sets[i];

		if (set->ns[link] != index || set->first_task == SNAPSHOT_NONE)
			continue;
		if (lowest == 0 || snapshot.tasks[set->first_task].pid < lowest)
			lowest = snapshot.tasks[set->first_task].pid;
	}
	return lowest;
}

static void open_member(const struct ns *ns, enum engine engine, struct process *member)
{
	struct error ignored; /* it ended since it was found: there is no member */
	AUTO_NS struct ns again = NS_CLOSED;
	/* timens_offsets describes the time namespace for children; see time_namespaces(7). */
	enum ns_link link = ns->type == NS_TIME ? NS_LINK_TIME_FOR_CHILDREN : ns_type_link(ns->type);
	pid_t pid = find_ns_member(ns, link, engine);

	*member = PROCESS_CLOSED;
	if (pid == 0 || process_open(pid, member, &ignored) < 0)
		return;
	if (process_check_answers(member, &ignored) < 0 || process_open_ns(member, link, &again) < 0 ||
	    !ns_is_same(ns, &again))
		process_close(member);
}

void describe_ns(const struct ns *ns, enum engine engine, struct ns_description *description)
{
	AUTO_PROCESS struct process member;
	struct process_links own;

	*description = (struct ns_description){.facts = {.type = ns->type, .ino = ns->ino}};
	process_read_own_links(&own);
	description->facts.has_caller = own.ino[ns_type_link(ns->type)] == ns->ino;
	ns_facts_read(ns, &description->facts);
	read_owner_uid(ns, description);
	open_member(ns, engine, &member);
	if (member.dir_fd >= 0)
		description->member = member.pid;
	switch (ns->type) {
	case NS_MNT:
		read_mount_count(ns, &member, description);
		break;
	case NS_TIME:
		read_offsets(&member, description);
		break;
	case NS_UTS:
		read_host_name(ns, description);
		break;
	case NS_USER:
		read_maps(&member, description);
		break;
	default:
		break;
	}
}
