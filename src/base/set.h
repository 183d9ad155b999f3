/* A set of 64-bit numbers: what was seen already. */
#ifndef NSCTL_BASE_SET_H
#define NSCTL_BASE_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Open addressing; zero marks an empty slot, so zero itself is never a member. */
struct u64_set {
	uint64_t *slots;
	size_t capacity; /* a power of two, or 0 */
	size_t count;
};

/* Adds a number other than 0.  Returns 1 where it is new, 0 where not, or -ENOMEM. */
int u64_set_add(struct u64_set *set, uint64_t number);

void u64_set_free(struct u64_set *set);
#define AUTO_U64_SET __attribute__((cleanup(u64_set_free)))

#endif
