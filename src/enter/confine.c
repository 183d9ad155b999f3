/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "enter/confine.h"

#include <errno.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The sets have 64 bits; prctl(2) returns EINVAL for those that are no capability. */
#define CAPABILITIES_MAX 64

int confinement_read(const struct process *process, bool in_its_user_ns, struct confinement *confinement,
		     struct error *err)
{
	int ret = privileges_read(process, &confinement->most);

	if (ret < 0)
		return error_set_errno(err, -ret, "cannot read the capabilities of process %d", process->pid);
	if (!in_its_user_ns) {
		confinement->most.bounding = 0;
		confinement->most.inheritable = 0;
		confinement->most.ambient = 0;
	}
	confinement->wanted = true;
	return 0;
}

static bool has(uint64_t set, unsigned int capability)
{
	return set >> capability & 1;
}

static int drop_bounding(uint64_t kept, struct error *err)
{
	for (unsigned int capability = 0; capability < CAPABILITIES_MAX; capability++) {
		int set = prctl(PR_CAPBSET_READ, capability, 0, 0, 0);

		if (set < 0 && errno == EINVAL && capability > 0)
			return 0; /* the kernel has no more */
		if (set < 0)
			return error_set_errno(err, errno, "cannot read the capability bounding set");
		if (set == 0 || has(kept, capability) || prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0)
			continue;
		error_set_errno(err, errno, "cannot limit the capabilities to those of the process");
		return error_hint(err, "it requires CAP_SETPCAP; with -S ID nothing is limited");
	}
	return 0;
}

static int drop_ambient(uint64_t kept, struct error *err)
{
	for (unsigned int capability = 0; capability < CAPABILITIES_MAX; capability++) {
		int set = prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, capability, 0, 0);

		if (set < 0 && errno == EINVAL && capability > 0)
			return 0;
		if (set < 0)
			return error_set_errno(err, errno, "cannot read the ambient capabilities");
		if (set > 0 && !has(kept, capability) &&
		    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_LOWER, capability, 0, 0) < 0)
			return error_set_errno(err, errno, "cannot drop the ambient capabilities");
	}
	return 0;
}

static int drop_inheritable(uint64_t kept, struct error *err)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &header, data) < 0)
		return error_set_errno(err, errno, "cannot read the capabilities");
	data[0].inheritable &= (uint32_t)kept;
	data[1].inheritable &= (uint32_t)(kept >> 32);
	if (syscall(SYS_capset, &header, data) < 0)
		return error_set_errno(err, errno, "cannot drop the inheritable capabilities");
	return 0;
}

void confinement_limit_root(struct confinement *confinement)
{
	struct privileges *most = &confinement->most;

	if (confinement->wanted && !most->no_new_privs)
		most->bounding &= most->permitted | most->inheritable;
}

int confinement_drop(const struct confinement *confinement, struct error *err)
{
	int ret;

	if (!confinement->wanted)
		return 0;
	ret = drop_bounding(confinement->most.bounding, err);
	if (ret == 0)
		ret = drop_ambient(confinement->most.ambient, err);
	return ret < 0 ? ret : drop_inheritable(confinement->most.inheritable, err);
}

int confinement_seal(const struct confinement *confinement, struct error *err)
{
	if (confinement->wanted && confinement->most.no_new_privs &&
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return error_set_errno(err, errno, "cannot set no_new_privs");
	return 0;
}
