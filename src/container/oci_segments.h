/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A policy for one architecture, by the numbers of the system calls. */
#ifndef NSCTL_CONTAINER_OCI_SEGMENTS_H
#define NSCTL_CONTAINER_OCI_SEGMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "container/oci_policy.h"

/* A rule for one number of one architecture. */
struct policy_entry {
	uint32_t number;
	uint32_t arch;
	bool is_narrow;    /* arguments have 32 bits */
	uint32_t first_is; /* of socketcall and ipc: the first argument; 0: any */
	const struct policy_rule *rule;
};

struct policy_entries {
	struct policy_entry *items;
	size_t count;
	size_t capacity;
};

/*
 * Numbers from start on, up to the next segment: an action; or rules of one number, with
 * conditions, or several that do not agree.
 */
struct policy_segment {
	uint32_t start;
	uint32_t action;
	const struct policy_entry *entries; /* NULL: the action alone */
	size_t count;
	bool is_mixed; /* libseccomp decides which of them counts */
};

/* In ascending order of their start. */
struct policy_segments {
	struct policy_segment *items;
	size_t count;
	size_t capacity;
	struct policy_entries entries;
};

/*
 * Divides all numbers of an architecture into segments.  The numbers of x32 are those of
 * x86-64, where the policy has x32.  segments is zeroed before, and freed by the caller
 * also after an error; it borrows from policy.  Returns 0; -EOPNOTSUPP where a system
 * call has no number that is known; or -ENOMEM.
 */
int segments_divide(const struct policy *policy, uint32_t arch, struct policy_segments *segments);

void segments_free(struct policy_segments *segments);

#define AUTO_SEGMENTS __attribute__((cleanup(segments_free))) struct policy_segments

#endif
