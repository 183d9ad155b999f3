/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "container/oci_enosys.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "container/oci_policy.h"

/* Instructions for an architecture, at most; and those behind them. */
#define PER_ARCH 4
#define BEHIND 2

void enosys_add_arch(struct enosys *enosys, uint32_t arch)
{
	for (size_t i = 0; i < enosys->count; i++) {
		if (enosys->archs[i].arch == arch)
			return;
	}
	/* libseccomp's own number for x32: the filter itself has to distinguish it from x86-64. */
	if (arch == SCMP_ARCH_X32 || enosys->count == ENOSYS_ARCHS_MAX)
		return;
	enosys->archs[enosys->count].arch = arch;
	enosys->archs[enosys->count].last = -1;
	enosys->count++;
}

void enosys_add_syscall(struct enosys *enosys, const char *name)
{
	for (size_t i = 0; i < enosys->count && enosys->is_wanted; i++) {
		int number = seccomp_syscall_resolve_name_arch(enosys->archs[i].arch, name);

		/* Negative: the architecture does not have it. */
		if (number > enosys->archs[i].last)
			enosys->archs[i].last = number;
	}
}

static void add(struct seccomp_filter *filter, struct sock_filter instruction)
{
	filter->instructions[filter->count++] = instruction;
}

/*
 * Where the call is of this architecture: if its number is above the last, return ENOSYS,
 * else go on with the filter; both are jumps over what follows, to_filter instructions.
 */
static void add_arch(const struct enosys *enosys, size_t place, size_t to_filter,
		     struct seccomp_filter *filter)
{
	bool has_x32 = enosys->archs[place].arch == AUDIT_ARCH_X86_64;
	unsigned char skipped = has_x32 ? 3 : 2;
	unsigned int last = (unsigned int)enosys->archs[place].last;
	unsigned char end = (unsigned char)to_filter;

	add(filter,
	    (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, enosys->archs[place].arch, 0, skipped));
	add(filter, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						 (unsigned int)offsetof(struct seccomp_data, nr)));
	/* The last instruction before the filter returns ENOSYS. */
	if (has_x32)
		add(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, X32_BIT,
							 (unsigned char)(end + 1), 0));
	add(filter,
	    (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, last, (unsigned char)(end - 1), end));
}

static size_t count_instructions(const struct enosys *enosys)
{
	size_t count = 0;

	for (size_t i = 0; i < enosys->count; i++) {
		if (enosys->archs[i].last >= 0)
			count += enosys->archs[i].arch == AUDIT_ARCH_X86_64 ? PER_ARCH : PER_ARCH - 1;
	}
	return count;
}

static void add_all(const struct enosys *enosys, size_t left, struct seccomp_filter *filter)
{
	add(filter, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						 (unsigned int)offsetof(struct seccomp_data, arch)));
	for (size_t i = 0; i < enosys->count; i++) {
		size_t own = enosys->archs[i].arch == AUDIT_ARCH_X86_64 ? PER_ARCH : PER_ARCH - 1;

		if (enosys->archs[i].last < 0)
			continue;
		left -= own;
		add_arch(enosys, i, left + BEHIND, filter);
	}
	/* Other architectures are the filter's. */
	add(filter, (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, 1));
	add(filter, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS));
}

int enosys_prepend(const struct enosys *enosys, const struct sock_filter *code, size_t count,
		   struct seccomp_filter *filter)
{
	size_t own = enosys->is_wanted ? count_instructions(enosys) : 0;
	size_t all = count + own + (own > 0 ? 1 + BEHIND : 0);

	if (all > BPF_MAXINSNS)
		return -E2BIG;
	filter->instructions = calloc(all + 1, sizeof(*filter->instructions));
	if (!filter->instructions)
		return -ENOMEM;
	if (own > 0)
		add_all(enosys, own, filter);
	memcpy(filter->instructions + filter->count, code, count * sizeof(*code));
	filter->count = (unsigned short)all;
	return 0;
}
