/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A seccomp filter in words: what an OCI configuration says, before it is compiled. */
#ifndef NSCTL_CONTAINER_OCI_POLICY_H
#define NSCTL_CONTAINER_OCI_POLICY_H

#include <seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proc/settings.h"

#define POLICY_ARGS_MAX 6
#define POLICY_ARCHS_MAX 24

/* One system call; with conditions, all of which have to be true. */
struct policy_rule {
	const char *name;
	int number; /* as libseccomp numbers it for the native architecture: may be negative */
	uint32_t action;
	unsigned int arg_count;
	struct scmp_arg_cmp args[POLICY_ARGS_MAX]; /* each argument at most once */
};

/* A call that several rules fit is permitted or refused as libseccomp decides it. */
struct policy {
	uint32_t fallback;                /* SCMP_ACT_*, where no rule fits */
	uint32_t archs[POLICY_ARCHS_MAX]; /* the native one, if it is there, first */
	size_t arch_count;
	struct policy_rule *rules;
	size_t rule_count;
	size_t rule_capacity;
};

void policy_free(struct policy *policy);

/* Adds an architecture, unless it is there.  0 or -E2BIG. */
int policy_add_arch(struct policy *policy, uint32_t arch);

/* Whether the policy has rules for this architecture. */
bool policy_has_arch(const struct policy *policy, uint32_t arch);

/* Adds a copy of the rule.  0 or -ENOMEM. */
int policy_add_rule(struct policy *policy, const struct policy_rule *rule);

/* x32 has x86-64's architecture, and this bit in each number (__X32_SYSCALL_BIT). */
#define X32_BIT 0x40000000U

/* The instructions of a filter, as they are made. */
struct instructions {
	struct sock_filter *items;
	size_t count;
	size_t capacity;
};

/* Adds one instruction.  0 or -ENOMEM. */
int instructions_add(struct instructions *instructions, struct sock_filter instruction);

/*
 * Compiles a policy for the architectures of this machine: the filter returns what that
 * of libseccomp would return for each system call, of other architectures as well.  That
 * alone would take longer than all the rest of entering a container.  libseccomp resolves
 * the names, and compiles the rules of system calls that several rules disagree about.  Returns 0;
 * -EOPNOTSUPP for any other; -E2BIG where a filter cannot have as many instructions; or -ENOMEM.
 */
int policy_compile(const struct policy *policy, struct instructions *instructions);

/* Compiles any policy, by libseccomp.  Returns 0 or a negative errno. */
int policy_compile_by_libseccomp(const struct policy *policy, struct instructions *instructions);

#endif
