/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "container/oci_policy.h"

#include <errno.h>
#include <linux/filter.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/file.h"

void policy_free(struct policy *policy)
{
	free(policy->rules);
	*policy = (struct policy){0};
}

bool policy_has_arch(const struct policy *policy, uint32_t arch)
{
	for (size_t i = 0; i < policy->arch_count; i++) {
		if (policy->archs[i] == arch)
			return true;
	}
	return false;
}

int policy_add_arch(struct policy *policy, uint32_t arch)
{
	if (policy_has_arch(policy, arch))
		return 0;
	if (policy->arch_count == POLICY_ARCHS_MAX)
		return -E2BIG;
	policy->archs[policy->arch_count++] = arch;
	return 0;
}

int policy_add_rule(struct policy *policy, const struct policy_rule *rule)
{
	struct policy_rule *rules =
	    array_reserve(policy->rules, &policy->rule_capacity, policy->rule_count, sizeof(*rules));

	if (!rules)
		return -ENOMEM;
	policy->rules = rules;
	rules[policy->rule_count++] = *rule;
	return 0;
}

int instructions_add(struct instructions *instructions, struct sock_filter instruction)
{
	struct sock_filter *items =
	    array_reserve(instructions->items, &instructions->capacity, instructions->count, sizeof(*items));

	if (!items)
		return -ENOMEM;
	instructions->items = items;
	items[instructions->count++] = instruction;
	return 0;
}

static void cleanup_filter(scmp_filter_ctx *filter)
{
	if (*filter)
		seccomp_release(*filter);
}

/* Through a file in memory: seccomp_export_bpf_mem(3) came with libseccomp 2.6. */
static int export_filter(scmp_filter_ctx filter, struct instructions *instructions)
{
	AUTO_CLOSE int fd = memfd_create("seccomp", MFD_CLOEXEC);
	char *code;
	ssize_t length;
	int ret = fd < 0 ? -errno : seccomp_export_bpf(filter, fd);

	if (ret < 0)
		return ret;
	if (lseek(fd, 0, SEEK_SET) < 0)
		return -errno;
	length = file_load_fd(fd, BPF_MAXINSNS * sizeof(struct sock_filter), &code);
	if (length < 0)
		return length == -EFBIG ? -E2BIG : (int)length;
	instructions->items = (struct sock_filter *)(void *)code;
	instructions->count = (size_t)length / sizeof(struct sock_filter);
	instructions->capacity = instructions->count;
	return 0;
}

int policy_compile_by_libseccomp(const struct policy *policy, struct instructions *instructions)
{
	__attribute__((cleanup(cleanup_filter))) scmp_filter_ctx filter = seccomp_init(policy->fallback);
	int ret = filter ? 0 : -ENOMEM;

	for (size_t i = 0; i < policy->arch_count && ret == 0; i++) {
		ret = seccomp_arch_add(filter, policy->archs[i]);
		ret = ret == -EEXIST ? 0 : ret;
	}
	/* A new filter has the native one. */
	if (ret == 0 && policy->archs[0] != seccomp_arch_native())
		ret = seccomp_arch_remove(filter, seccomp_arch_native());
	for (size_t i = 0; i < policy->rule_count && ret == 0; i++) {
		const struct policy_rule *rule = &policy->rules[i];

		/* It refuses a rule that says nothing new. */
		if (rule->action == policy->fallback)
			continue;
		ret = seccomp_rule_add_array(filter, rule->action, rule->number, rule->arg_count, rule->args);
		ret = ret == -EEXIST ? 0 : ret;
	}
	return ret < 0 ? ret : export_filter(filter, instructions);
}
