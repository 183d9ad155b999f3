/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A policy compiled to the instructions of a seccomp filter: a search tree for each architecture. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "container/oci_policy.h"
#include "container/oci_segments.h"

#define STATEMENT(code, k) ((struct sock_filter)BPF_STMT(code, k))
#define JUMP(code, k, jt, jf)                                                                                \
	((struct sock_filter)BPF_JUMP(BPF_JMP | (code) | BPF_K, k, (unsigned char)(jt), (unsigned char)(jf)))

/* Where a jump goes whose target is not known yet. */
#define TO_FAIL 255

/* Both halves of an argument (struct seccomp_data); this machine is little-endian. */
static uint32_t offset_of(unsigned int arg, bool is_high)
{
	return (uint32_t)(offsetof(struct seccomp_data, args) + arg * sizeof(uint64_t) + (is_high ? 4 : 0));
}

/* The comparison of the low half, the last: 1 true, 0 false. */
static struct sock_filter compare_low(enum scmp_compare op, uint32_t low)
{
	switch (op) {
	case SCMP_CMP_NE:
		return JUMP(BPF_JEQ, low, TO_FAIL, 0);
	case SCMP_CMP_LT:
		return JUMP(BPF_JGE, low, TO_FAIL, 0);
	case SCMP_CMP_LE:
		return JUMP(BPF_JGT, low, TO_FAIL, 0);
	case SCMP_CMP_GE:
		return JUMP(BPF_JGE, low, 0, TO_FAIL);
	case SCMP_CMP_GT:
		return JUMP(BPF_JGT, low, 0, TO_FAIL);
	default:
		return JUMP(BPF_JEQ, low, 0, TO_FAIL);
	}
}

/* The comparison of the high half: decides, or goes on with the two instructions of the low half. */
static int compare_high(struct instructions *instructions, enum scmp_compare op, uint32_t high)
{
	int ret = 0;

	switch (op) {
	case SCMP_CMP_NE:
		return instructions_add(instructions, JUMP(BPF_JEQ, high, 0, 2));
	case SCMP_CMP_LT:
	case SCMP_CMP_LE:
		ret = instructions_add(instructions, JUMP(BPF_JGT, high, TO_FAIL, 0));
		return ret < 0 ? ret : instructions_add(instructions, JUMP(BPF_JEQ, high, 0, 2));
	case SCMP_CMP_GE:
	case SCMP_CMP_GT:
		ret = instructions_add(instructions, JUMP(BPF_JGT, high, 3, 0));
		return ret < 0 ? ret : instructions_add(instructions, JUMP(BPF_JEQ, high, 0, TO_FAIL));
	default:
		return instructions_add(instructions, JUMP(BPF_JEQ, high, 0, TO_FAIL));
	}
}

static int load_half(struct instructions *instructions, const struct scmp_arg_cmp *arg, bool is_high)
{
	uint32_t mask = (uint32_t)(is_high ? arg->datum_a >> 32 : arg->datum_a);
	int ret =
	    instructions_add(instructions, STATEMENT(BPF_LD | BPF_W | BPF_ABS, offset_of(arg->arg, is_high)));

	if (ret < 0 || arg->op != SCMP_CMP_MASKED_EQ)
		return ret;
	return instructions_add(instructions, STATEMENT(BPF_ALU | BPF_AND | BPF_K, mask));
}

/* Adds the instructions of a condition: behind them where it is true, to TO_FAIL where it is not. */
static int add_condition(struct instructions *instructions, const struct scmp_arg_cmp *arg, bool is_narrow)
{
	uint64_t datum = arg->op == SCMP_CMP_MASKED_EQ ? arg->datum_b : arg->datum_a;
	int ret = 0;

	/* Such a condition is never true; libseccomp decides. */
	if (arg->op == SCMP_CMP_MASKED_EQ && arg->datum_b & ~arg->datum_a)
		return -EOPNOTSUPP;
	if (!is_narrow)
		ret = load_half(instructions, arg, true);
	if (ret == 0 && !is_narrow)
		ret = compare_high(instructions, arg->op, (uint32_t)(datum >> 32));
	if (ret == 0)
		ret = load_half(instructions, arg, false);
	return ret < 0 ? ret : instructions_add(instructions, compare_low(arg->op, (uint32_t)datum));
}

/* Sends the jumps to TO_FAIL, from first on, behind the last instruction. */
static int resolve_failures(struct instructions *instructions, size_t first)
{
	for (size_t i = first; i < instructions->count; i++) {
		struct sock_filter *item = &instructions->items[i];
		size_t distance = instructions->count - i - 1;

		if (BPF_CLASS(item->code) != BPF_JMP)
			continue;
		if (distance >= TO_FAIL)
			return -EOPNOTSUPP;
		item->jt = item->jt == TO_FAIL ? (unsigned char)distance : item->jt;
		item->jf = item->jf == TO_FAIL ? (unsigned char)distance : item->jf;
	}
	return 0;
}

static int add_entry(struct instructions *instructions, const struct policy_entry *entry)
{
	size_t first = instructions->count;
	int ret = 0;

	if (entry->first_is != 0) {
		struct scmp_arg_cmp arg = {.arg = 0, .op = SCMP_CMP_EQ, .datum_a = entry->first_is};

		ret = add_condition(instructions, &arg, true);
	}
	for (unsigned int i = 0; i < entry->rule->arg_count && ret == 0; i++) {
		const struct scmp_arg_cmp *arg = &entry->rule->args[i];

		if (entry->first_is == 0 || arg->arg != 0)
			ret = add_condition(instructions, arg, entry->is_narrow);
	}
	if (ret == 0)
		ret = instructions_add(instructions, STATEMENT(BPF_RET | BPF_K, entry->rule->action));
	return ret < 0 ? ret : resolve_failures(instructions, first);
}

/* All instructions of a filter for these rules alone: each way through them ends with a return. */
static int add_filter(struct instructions *instructions, const struct policy *policy)
{
	struct instructions filter = {0};
	int ret = policy_compile_by_libseccomp(policy, &filter);

	for (size_t i = 0; i < filter.count && ret == 0; i++)
		ret = instructions_add(instructions, filter.items[i]);
	free(filter.items);
	return ret;
}

/* libseccomp's time grows with the square of the rules for one system call. */
#define MIXED_MAX 1000

static int add_mixed(struct instructions *instructions, const struct policy_segment *segment,
		     uint32_t fallback)
{
	struct policy policy = {
	    .fallback = fallback,
	    .archs = {segment->entries[0].arch},
	    .arch_count = 1,
	};
	int ret = segment->count > MIXED_MAX ? -E2BIG : 0;

	for (size_t i = 0; i < segment->count && ret == 0; i++)
		ret = policy_add_rule(&policy, segment->entries[i].rule);
	if (ret == 0)
		ret = add_filter(instructions, &policy);
	policy_free(&policy);
	return ret;
}

static int add_leaf(struct instructions *instructions, const struct policy_segment *segment,
		    uint32_t fallback)
{
	int ret = 0;

	if (!segment->entries)
		return instructions_add(instructions, STATEMENT(BPF_RET | BPF_K, segment->action));
	if (segment->is_mixed)
		return add_mixed(instructions, segment, fallback);
	for (size_t i = 0; i < segment->count && ret == 0; i++)
		ret = add_entry(instructions, &segment->entries[i]);
	return ret < 0 ? ret : instructions_add(instructions, STATEMENT(BPF_RET | BPF_K, fallback));
}

/*
 * Adds a jump over a branch that was added behind place, taken where the comparison is
 * true, or false.  Two instructions are kept free there: the second is for branches that
 * are too long for the first.
 */
static void close_branch(struct instructions *instructions, size_t place, bool if_true, unsigned short code,
			 uint32_t k)
{
	struct sock_filter *items = instructions->items;
	size_t length = instructions->count - place - 2;

	if (length <= UINT8_MAX) {
		items[place] = JUMP(code, k, if_true ? length : 0, if_true ? 0 : length);
		memmove(&items[place + 1], &items[place + 2], length * sizeof(*items));
		instructions->count--;
		return;
	}
	items[place] = JUMP(code, k, if_true ? 0 : 1, if_true ? 1 : 0);
	items[place + 1] = STATEMENT(BPF_JMP | BPF_JA, (uint32_t)length);
}

static int open_branch(struct instructions *instructions)
{
	int ret = instructions_add(instructions, STATEMENT(0, 0));

	return ret < 0 ? ret : instructions_add(instructions, STATEMENT(0, 0));
}

/* A pending step of building the search tree: a range of segments, or the jump over its first half. */
struct branch {
	const struct policy_segment *segments;
	size_t count;
	bool is_open; /* the first half was added behind place */
	size_t place;
};

/* Two for each level: a filter has fewer than 2^13 instructions. */
#define BRANCHES_MAX 32

/* Splits a part in two: the first half, the jump over it, and the second half, the first being added next. */
static int split_branch(struct instructions *instructions, struct branch *branches, size_t *count)
{
	struct branch whole = branches[*count];
	size_t half = whole.count / 2;

	if (*count + 3 > BRANCHES_MAX)
		return -E2BIG;
	branches[(*count)++] =
	    (struct branch){.segments = whole.segments + half, .count = whole.count - half};
	branches[(*count)++] = (struct branch){
	    .segments = whole.segments + half,
	    .is_open = true,
	    .place = instructions->count,
	};
	branches[(*count)++] = (struct branch){.segments = whole.segments, .count = half};
	return open_branch(instructions);
}

/* Adds a search among segments, the number being in the accumulator. */
static int add_tree(struct instructions *instructions, const struct policy_segments *segments,
		    uint32_t fallback)
{
	struct branch branches[BRANCHES_MAX] = {{.segments = segments->items, .count = segments->count}};
	size_t count = 1;
	int ret = 0;

	while (count > 0 && ret == 0) {
		const struct branch *branch = &branches[--count];

		if (branch->is_open)
			close_branch(instructions, branch->place, true, BPF_JGE, branch->segments->start);
		else if (branch->count == 1)
			ret = add_leaf(instructions, branch->segments, fallback);
		else
			ret = split_branch(instructions, branches, &count);
	}
	return ret;
}

/* AUDIT_ARCH_* of the kernel; 0: it is one that this compiler does not know. */
static uint32_t token_of(uint32_t arch)
{
	switch (arch) {
	case SCMP_ARCH_X86_64:
	case SCMP_ARCH_X86:
	case SCMP_ARCH_AARCH64:
	case SCMP_ARCH_ARM:
		return arch;
	default:
		return 0;
	}
}

/* Adds the rules for one architecture, after a comparison with it. */
static int add_arch(struct instructions *instructions, const struct policy *policy, uint32_t arch)
{
	AUTO_SEGMENTS segments = {0};
	size_t place = instructions->count;
	int ret = segments_divide(policy, arch, &segments);

	if (ret == 0)
		ret = open_branch(instructions);
	if (ret == 0)
		ret = instructions_add(instructions, STATEMENT(BPF_LD | BPF_W | BPF_ABS,
							       (uint32_t)offsetof(struct seccomp_data, nr)));
	if (ret == 0)
		ret = add_tree(instructions, &segments, policy->fallback);
	if (ret == 0)
		close_branch(instructions, place, false, BPF_JEQ, token_of(arch));
	return ret;
}

int policy_compile(const struct policy *policy, struct instructions *instructions)
{
	int ret = instructions_add(
	    instructions, STATEMENT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offsetof(struct seccomp_data, arch)));

	for (size_t i = 0; i < policy->arch_count && ret == 0; i++) {
		uint32_t arch = policy->archs[i];

		/* It is a part of x86-64, which then has to be there. */
		if (arch == SCMP_ARCH_X32 && policy_has_arch(policy, SCMP_ARCH_X86_64))
			continue;
		ret = token_of(arch) == 0 ? -EOPNOTSUPP : add_arch(instructions, policy, arch);
	}
	if (ret == 0)
		ret = instructions_add(instructions, STATEMENT(BPF_RET | BPF_K, SCMP_ACT_KILL_THREAD));
	return ret == 0 && instructions->count > BPF_MAXINSNS ? -E2BIG : ret;
}
