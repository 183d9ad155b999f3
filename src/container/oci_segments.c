/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "container/oci_segments.h"

#include <errno.h>
#include <stdlib.h>

#include "base/array.h"

/* The number of a system call that a tracer skips (seccomp(2)): no architecture is asked for it. */
#define SKIPPED UINT32_MAX

/* The system calls of i386 that have others behind their first argument. */
#define I386_SOCKETCALL 102
#define I386_IPC 117

/*
 * Their own numbers on i386 (Linux 4.3, 5.1), by that argument; 0: none.  libseccomp
 * numbers them -100 - ARGUMENT and -200 - ARGUMENT there.
 */
static const uint16_t i386_socket_calls[] = {0,   359, 361, 362, 363, 0,   367, 368, 360, 0,  0,
					     369, 371, 373, 366, 365, 370, 372, 364, 337, 345};
static const uint16_t i386_ipc_calls[] = {0,   0,   393, 394, 0, 0, 0, 0, 0,   0,   0,   400, 401,
					  399, 402, 0,   0,   0, 0, 0, 0, 397, 398, 395, 396};

static int entries_add(struct policy_entries *entries, struct policy_entry entry)
{
	struct policy_entry *items =
	    array_reserve(entries->items, &entries->capacity, entries->count, sizeof(*items));

	if (!items)
		return -ENOMEM;
	entries->items = items;
	items[entries->count++] = entry;
	return 0;
}

static int segments_add(struct policy_segments *segments, struct policy_segment segment)
{
	struct policy_segment *last = segments->count > 0 ? &segments->items[segments->count - 1] : NULL;
	struct policy_segment *items;

	if (last && !last->entries && !segment.entries && last->action == segment.action)
		return 0;
	items = array_reserve(segments->items, &segments->capacity, segments->count, sizeof(*items));
	if (!items)
		return -ENOMEM;
	segments->items = items;
	items[segments->count++] = segment;
	return 0;
}

/*
 * Adds a system call of i386 that is behind socketcall or ipc, and perhaps has a number of its
 * own.  Its arguments are in memory then, where a filter cannot look at them: like libseccomp,
 * compare the first with the call, and others as if they were there.
 */
static int add_multiplexed(struct policy_entries *entries, const struct policy_rule *rule, int pseudo)
{
	bool is_socket = pseudo > -200;
	uint32_t argument = (uint32_t)(is_socket ? -100 - pseudo : -200 - pseudo);
	size_t count = is_socket ? sizeof(i386_socket_calls) / sizeof(i386_socket_calls[0])
				 : sizeof(i386_ipc_calls) / sizeof(i386_ipc_calls[0]);
	struct policy_entry entry = {.arch = SCMP_ARCH_X86, .is_narrow = true, .rule = rule};
	int ret;

	if (argument >= count)
		return -EOPNOTSUPP;
	entry.number = is_socket ? I386_SOCKETCALL : I386_IPC;
	entry.first_is = argument;
	ret = entries_add(entries, entry);
	entry.number = is_socket ? i386_socket_calls[argument] : i386_ipc_calls[argument];
	entry.first_is = 0;
	return ret < 0 || entry.number == 0 ? ret : entries_add(entries, entry);
}

static int add_rule(struct policy_entries *entries, uint32_t arch, const struct policy_rule *rule)
{
	int number = seccomp_syscall_resolve_name_arch(arch, rule->name);
	struct policy_entry entry = {
	    .arch = arch,
	    .is_narrow = arch == SCMP_ARCH_X86 || arch == SCMP_ARCH_X32 || arch == SCMP_ARCH_ARM,
	    .rule = rule,
	};

	if (number == __NR_SCMP_ERROR)
		return 0;
	entry.number = (uint32_t)number;
	if (number >= 0)
		return entries_add(entries, entry);
	/* The architecture does not have it. */
	if (arch != SCMP_ARCH_X86 || number > -100 || number < -299)
		return 0;
	return add_multiplexed(entries, rule, number);
}

static int compare_entries(const void *a, const void *b)
{
	const struct policy_entry *left = a;
	const struct policy_entry *right = b;

	if (left->number != right->number)
		return left->number < right->number ? -1 : 1;
	/* Rules stay in their order. */
	return left->rule < right->rule ? -1 : left->rule > right->rule;
}

static int collect(const struct policy *policy, uint32_t arch, struct policy_entries *entries)
{
	for (size_t i = 0; i < policy->rule_count; i++) {
		int ret = 0;

		if (policy->rules[i].action != policy->fallback)
			ret = add_rule(entries, arch, &policy->rules[i]);
		if (ret < 0)
			return ret;
	}
	return 0;
}

static bool has_conditions(const struct policy_entry *entry)
{
	return entry->rule->arg_count > 0 || entry->first_is != 0;
}

static struct policy_segment make_segment(const struct policy_entry *entries, size_t count)
{
	bool has_unconditional = false;
	struct policy_segment segment = {
	    .start = entries[0].number,
	    .action = entries[0].rule->action,
	    .entries = entries,
	    .count = count,
	};
	for (size_t i = 0; i < count; i++) {
		segment.is_mixed |= entries[i].rule->action != segment.action;
		has_unconditional |= !has_conditions(&entries[i]);
	}
	if (has_unconditional && !segment.is_mixed)
		segment.entries = NULL;
	return segment;
}

static size_t count_same(const struct policy_entries *entries, size_t first)
{
	size_t end = first;

	while (end < entries->count && entries->items[end].number == entries->items[first].number)
		end++;
	return end - first;
}

/* Divides all numbers into segments; foreign: those from there on are of another architecture. */
static int divide(const struct policy *policy, uint32_t foreign, struct policy_segments *segments)
{
	const struct policy_entries *entries = &segments->entries;
	struct policy_segment gap = {.start = 0, .action = policy->fallback};
	int ret = segments_add(segments, gap);

	for (size_t i = 0; i < entries->count && ret == 0;) {
		size_t count = count_same(entries, i);
		struct policy_segment segment = make_segment(&entries->items[i], count);

		/* The first segment is empty if there is a rule for number 0. */
		if (segment.start == 0)
			segments->count = 0;
		ret = segments_add(segments, segment);
		gap.start = segment.start + 1;
		i += count;
		if (ret == 0 && (i == entries->count || entries->items[i].number > gap.start))
			ret = segments_add(segments, gap);
	}
	if (ret == 0 && foreign != SKIPPED)
		ret = segments_add(segments,
				   (struct policy_segment){.start = foreign, .action = SCMP_ACT_KILL_THREAD});
	if (ret == 0)
		ret = segments_add(segments,
				   (struct policy_segment){.start = SKIPPED, .action = policy->fallback});
	return ret;
}

int segments_divide(const struct policy *policy, uint32_t arch, struct policy_segments *segments)
{
	struct policy_entries *entries = &segments->entries;
	bool has_x32 = arch == SCMP_ARCH_X86_64 && policy_has_arch(policy, SCMP_ARCH_X32);
	int ret = collect(policy, arch, entries);

	if (ret == 0 && has_x32)
		ret = collect(policy, SCMP_ARCH_X32, entries);
	if (ret < 0)
		return ret;
	if (entries->count > 0)
		qsort(entries->items, entries->count, sizeof(*entries->items), compare_entries);
	return divide(policy, arch == SCMP_ARCH_X86_64 && !has_x32 ? X32_BIT : SKIPPED, segments);
}

void segments_free(struct policy_segments *segments)
{
	free(segments->entries.items);
	free(segments->items);
}
