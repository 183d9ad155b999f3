/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "create/namespaces.h"

#include <errno.h>
#include <grp.h>
#include <sched.h>
#include <unistd.h>

#include "base/child.h"
#include "create/credentials.h"
#include "create/reasons.h"
#include "create/util_linux.h"
#include "ns/ns.h"

int create_become_owner(struct creation *creation, struct error *err)
{
	const struct id_maps_request *ids = &creation->request->ids;

	if (!ids->has_owner)
		return 0;
	/* A user may create for himself without these calls, which he may not make. */
	if (!creation->request->as_unshare && ids->owner_uid == geteuid() && ids->owner_gid == getegid())
		return 0;
	if (setgroups(0, NULL) < 0)
		return create_refuse_credential(creation, REASONS_SETGROUPS, 0, errno, err);
	if (setgid(ids->owner_gid) < 0)
		return create_refuse_credential(creation, REASONS_SETGID, ids->owner_gid, errno, err);
	if (setuid(ids->owner_uid) < 0)
		return create_refuse_credential(creation, REASONS_SETUID, ids->owner_uid, errno, err);
	return 0;
}

static int refuse_types(const struct creation *creation, ns_type_set types, int number, struct error *err)
{
	reasons_of_unshare(types, number, err);
	return create_word_as_unshare(creation, err, "unshare failed");
}

/* Whether the mnt namespace that this process is in can be mounted in the caller's. */
static bool can_be_mounted(const struct creation *creation)
{
	AUTO_NS struct ns ns = NS_CLOSED;

	if (ns_open_at(creation->self_fd, "ns/mnt", &ns) < 0)
		return true;
	return ns_read_id(&ns) > creation->own_mnt_id;
}

static void run_on(size_t cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	/* A processor that cannot be used gives no higher id: then another one is tried. */
	sched_setaffinity(0, sizeof(set), &set);
}

/*
 * A processor takes ids by the batch (include/linux/cookie.h: 4096, for namespaces of all
 * types).  Using up the rest of its batch makes its next one higher than all others.
 */
#define IDS_PER_BATCH 4096

static void use_up_batch(void)
{
	pid_t child = fork();

	if (child == 0) {
		for (int i = 0; i < IDS_PER_BATCH && unshare(CLONE_NEWUTS) == 0; i++)
			;
		_exit(0);
	}
	if (child > 0)
		child_wait(child, NULL);
}

/* Creates it again on each of these processors, until it can be mounted.  Returns 0 or a negative errno. */
static int create_mnt_again(const struct creation *creation, const cpu_set_t *cpus, bool behind_batch)
{
	for (size_t cpu = 0; cpu < CPU_SETSIZE && !can_be_mounted(creation); cpu++) {
		if (!CPU_ISSET(cpu, cpus))
			continue;
		run_on(cpu);
		if (behind_batch)
			use_up_batch();
		if (unshare(CLONE_NEWNS) < 0)
			return -errno;
	}
	return 0;
}

/*
 * The kernel mounts a mnt namespace only in one with a lower id, so that no loop
 * of holders comes about.  On Linux 6.18 each processor has ids of its own: a
 * new namespace can have a lower id than the caller's.  It is created again then,
 * on each processor, and at last behind a new batch.
 */
static int raise_mnt_id(struct creation *creation, struct error *err)
{
	cpu_set_t callers;
	int ret;

	if (can_be_mounted(creation) || sched_getaffinity(0, sizeof(callers), &callers) < 0)
		return 0;
	ret = create_mnt_again(creation, &callers, false);
	if (ret == 0)
		ret = create_mnt_again(creation, &callers, true);
	sched_setaffinity(0, sizeof(callers), &callers);
	return ret < 0 ? refuse_types(creation, 1U << NS_MNT, -ret, err) : 0;
}

static int create_types(struct creation *creation, ns_type_set types, struct error *err)
{
	if (unshare(ns_type_set_clone_flags(types)) == 0)
		return 0;
	return refuse_types(creation, types, errno, err);
}

/*
 * Where the mnt namespace is to be mounted, it comes first, with the user namespace
 * that owns it: a helper that uses up ids must not become the first process of the new
 * pid namespace.
 */
int create_unshare(struct creation *creation, struct error *err)
{
	ns_type_set first = creation->types & (1U << NS_USER | 1U << NS_MNT);
	int ret;

	if (creation->own_mnt_id == 0)
		return create_types(creation, creation->types, err);
	ret = create_types(creation, first, err);
	if (ret == 0)
		ret = raise_mnt_id(creation, err);
	return ret < 0 ? ret : create_types(creation, creation->types & ~first, err);
}
