/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "enter/capability_sets.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "enter/plan.h"
#include "proc/capability_names.h"

/* The sets have 64 bits; prctl(2) returns EINVAL for those that are no capability. */
#define CAPABILITIES_MAX 64

static const char *const set_nouns[CAPABILITY_SET_COUNT] = {
    [CAPABILITIES_BOUNDING] = "bounding",   [CAPABILITIES_EFFECTIVE] = "effective",
    [CAPABILITIES_PERMITTED] = "permitted", [CAPABILITIES_INHERITABLE] = "inheritable",
    [CAPABILITIES_AMBIENT] = "ambient",
};

/* The sets that capget(2) and capset(2) have. */
struct own_sets {
	uint64_t effective;
	uint64_t permitted;
	uint64_t inheritable;
};

static int own_sets_read(struct own_sets *own)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {0};

	if (syscall(SYS_capget, &header, data) < 0)
		return -errno;
	own->effective = data[0].effective | (uint64_t)data[1].effective << 32;
	own->permitted = data[0].permitted | (uint64_t)data[1].permitted << 32;
	own->inheritable = data[0].inheritable | (uint64_t)data[1].inheritable << 32;
	return 0;
}

static int own_sets_write(const struct own_sets *own)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {
	    {
		.effective = (uint32_t)own->effective,
		.permitted = (uint32_t)own->permitted,
		.inheritable = (uint32_t)own->inheritable,
	    },
	    {
		.effective = (uint32_t)(own->effective >> 32),
		.permitted = (uint32_t)(own->permitted >> 32),
		.inheritable = (uint32_t)(own->inheritable >> 32),
	    },
	};

	return syscall(SYS_capset, &header, data) < 0 ? -errno : 0;
}

/* Stores the bounding set of this process, and returns all capabilities that this kernel has. */
static uint64_t bounding_read(uint64_t *set)
{
	uint64_t all = 0;

	*set = 0;
	for (unsigned int i = 0; i < CAPABILITIES_MAX; i++) {
		int is_set = prctl(PR_CAPBSET_READ, i, 0, 0, 0);

		if (is_set < 0)
			break;
		all |= 1ULL << i;
		*set |= (uint64_t)is_set << i;
	}
	return all;
}

static void format_names(uint64_t set, char *text, size_t size)
{
	size_t length = 0;

	text[0] = '\0';
	for (unsigned int i = 0; i < CAPABILITIES_MAX && length < size; i++) {
		const char *name = capability_name(i);

		if (!(set >> i & 1))
			continue;
		if (name)
			length += (size_t)snprintf(text + length, size - length, " %s", name);
		else
			length += (size_t)snprintf(text + length, size - length, " %u", i);
	}
}

/* Removes capabilities that cannot be had from a set, and records them as missing. */
static int limit_set(struct plan *plan, enum capability_set set, uint64_t possible, struct error *err)
{
	uint64_t *wanted = &plan->capability_sets.wanted[set];
	uint64_t lacking = *wanted & ~possible;
	char names[400];

	if (lacking == 0)
		return 0;
	format_names(lacking, names, sizeof(names));
	error_set(err, EPERM, "the caller cannot give capabilities of the %s set:%s", set_nouns[set], names);
	*wanted &= possible;
	return missing_note(&plan->missing, err);
}

/* Entering a user namespace gives all capabilities in it (user_namespaces(7)). */
static int read_possible(const struct plan *plan, uint64_t *bounding, uint64_t *permitted, struct error *err)
{
	struct own_sets own = {0};
	uint64_t all = bounding_read(bounding);
	int ret = own_sets_read(&own);

	if (ret < 0)
		return error_set_errno(err, -ret, "cannot read the capabilities");
	*permitted = own.permitted;
	if (plan_enters(plan, NS_USER)) {
		*bounding = all;
		*permitted = all;
	}
	return 0;
}

static void give_all(struct capability_sets *sets, uint64_t bounding, uint64_t permitted)
{
	*sets = (struct capability_sets){0};
	sets->wanted[CAPABILITIES_BOUNDING] = bounding;
	sets->wanted[CAPABILITIES_PERMITTED] = permitted;
	sets->wanted[CAPABILITIES_EFFECTIVE] = permitted;
}

/*
 * The configuration of a container that does not run as root may have nothing but the
 * bounding set.  Root gains that by execve(2) unless no_new_privs is set
 * (capabilities(7)), but a program that gains anything is not dumpable (prctl(2)): no
 * debugger of the container could trace it.
 */
static void give_bounding_set_to_root(const struct enter_request *request, struct plan *plan)
{
	uint64_t *wanted = plan->capability_sets.wanted;

	if (request->uid_choice == ID_DEFAULT || plan->credentials.uid != 0 || plan->settings.no_new_privs)
		return;
	wanted[CAPABILITIES_PERMITTED] = wanted[CAPABILITIES_BOUNDING];
	wanted[CAPABILITIES_EFFECTIVE] = wanted[CAPABILITIES_BOUNDING];
}

/* See confinement_limit_root(): the securebits of a process cannot be read. */
static void limit_root_to_process(struct plan *plan)
{
	uint64_t *wanted = plan->capability_sets.wanted;

	if (plan->configuration.fd < 0 && plan->settings.uid == 0 && !plan->settings.no_new_privs)
		wanted[CAPABILITIES_BOUNDING] &=
		    wanted[CAPABILITIES_PERMITTED] | wanted[CAPABILITIES_INHERITABLE];
}

int capability_sets_plan(const struct enter_request *request, struct plan *plan, struct error *err)
{
	struct capability_sets *sets = &plan->capability_sets;
	const uint64_t *wanted = sets->wanted;
	uint64_t bounding;
	uint64_t permitted = 0;
	int ret = read_possible(plan, &bounding, &permitted, err);

	if (ret < 0)
		return ret;
	if (request->privileged) {
		give_all(sets, bounding, permitted);
		return 0;
	}
	memcpy(sets->wanted, plan->settings.capabilities, sizeof(sets->wanted));
	limit_root_to_process(plan);
	give_bounding_set_to_root(request, plan);
	ret = limit_set(plan, CAPABILITIES_BOUNDING, bounding, err);
	if (ret == 0)
		ret = limit_set(plan, CAPABILITIES_PERMITTED, permitted, err);
	if (ret == 0)
		ret = limit_set(plan, CAPABILITIES_EFFECTIVE, wanted[CAPABILITIES_PERMITTED], err);
	if (ret == 0)
		ret = limit_set(plan, CAPABILITIES_INHERITABLE, bounding | permitted, err);
	if (ret == 0)
		ret = limit_set(plan, CAPABILITIES_AMBIENT,
				wanted[CAPABILITIES_PERMITTED] & wanted[CAPABILITIES_INHERITABLE], err);
	return ret;
}

static int drop_bounding(uint64_t kept, struct error *err)
{
	uint64_t set;

	bounding_read(&set);
	for (unsigned int i = 0; i < CAPABILITIES_MAX; i++) {
		if (!((set & ~kept) >> i & 1) || prctl(PR_CAPBSET_DROP, i, 0, 0, 0) == 0)
			continue;
		error_set_errno(err, errno, "cannot limit the capability bounding set");
		return error_hint(err, "it requires CAP_SETPCAP");
	}
	return 0;
}

/* Before the bounding set shrinks: a capability outside of it cannot be added later (capabilities(7)). */
static int set_inheritable(uint64_t inheritable, struct error *err)
{
	struct own_sets own = {0};
	int ret = own_sets_read(&own);

	if (ret == 0 && own.inheritable == inheritable)
		return 0;
	own.inheritable = inheritable;
	if (ret == 0)
		ret = own_sets_write(&own);
	return ret < 0 ? error_set_errno(err, -ret, "cannot set the inheritable capabilities") : 0;
}

static int set_ambient(uint64_t ambient, struct error *err)
{
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
		return error_set_errno(err, errno, "cannot drop the ambient capabilities");
	for (unsigned int i = 0; i < CAPABILITIES_MAX; i++) {
		if (ambient >> i & 1 && prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, i, 0, 0) < 0)
			return error_set_errno(err, errno, "cannot make the capability %u ambient", i);
	}
	return 0;
}

/*
 * Loading a filter requires CAP_SYS_ADMIN without no_new_privs (seccomp(2)).  It stays
 * until execve(2), which without no_new_privs gives the program nothing of the
 * permitted and effective sets (capabilities(7)).
 */
static int set_sets(const struct capability_sets *sets, struct error *err)
{
	uint64_t admin = sets->keeps_admin ? 1ULL << CAP_SYS_ADMIN : 0;
	struct own_sets own = {
	    .effective = sets->wanted[CAPABILITIES_EFFECTIVE] | admin,
	    .permitted = sets->wanted[CAPABILITIES_PERMITTED] | admin,
	    .inheritable = sets->wanted[CAPABILITIES_INHERITABLE],
	};
	int ret = own_sets_write(&own);

	if (ret < 0)
		return error_set_errno(err, -ret, "cannot set the capabilities");
	return set_ambient(sets->wanted[CAPABILITIES_AMBIENT], err);
}

/* A change of the user from 0 to another empties the permitted set, unless it is to be kept. */
static int change_user(const struct plan *plan, struct error *err)
{
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
		return error_set_errno(err, errno, "cannot keep the capabilities");
	if (credentials_become_user(plan, err) < 0)
		return -err->number;
	return prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0) < 0
		   ? error_set_errno(err, errno, "cannot reset the flag that keeps the capabilities")
		   : 0;
}

int capability_sets_apply(const struct plan *plan, struct error *err)
{
	const struct capability_sets *sets = &plan->capability_sets;
	int ret = set_inheritable(sets->wanted[CAPABILITIES_INHERITABLE], err);

	if (ret == 0)
		ret = drop_bounding(sets->wanted[CAPABILITIES_BOUNDING], err);
	if (ret == 0)
		ret = credentials_become_groups(plan, err);
	if (ret == 0)
		ret = change_user(plan, err);
	return ret < 0 ? ret : set_sets(sets, err);
}
