/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the BPF programs reach the kernel: its helpers, and the fields of fields.h. */
#ifndef NSCTL_BPF_KERNEL_H
#define NSCTL_BPF_KERNEL_H

#include "bpf/fields.h"
#include "bpf/record.h"

#define NULL ((void *)0)
#define INLINE static inline __attribute__((always_inline))

/* By number: see bpf-helpers(7). */
static long (*const bpf_probe_read_kernel)(void *to, uint32_t size, const void *from) = (void *)113;
static void *(*const bpf_get_current_task)(void) = (void *)35;
static long (*const bpf_seq_write)(void *seq, const void *data, uint32_t size) = (void *)127;

/*
 * Reads a field through a pointer whose type the verifier knows; a wrong
 * address reads as 0.  Volatile, so that each stays an instruction of its own.
 */
#define GET(type, base, field) (*(type const volatile *)((const char *)(base) + FIELD_MARK(KERNEL_##field)))

/* The same through any other pointer. */
#define PROBE(type, base, field)                                                                             \
	({                                                                                                   \
		type value = 0;                                                                              \
		bpf_probe_read_kernel(&value, sizeof(value),                                                 \
				      (const char *)(base) + FIELD_MARK(KERNEL_##field));                    \
		value;                                                                                       \
	})

/*
 * The same task, untrusted by the verifier, by bpf_rdonly_cast().  For each pointer
 * that is read from a trusted object, such as the task of an iterator, the verifier
 * searches all of the kernel's types for a name, which takes 2 ms (seen with Linux
 * 6.18); reading each pointer by a helper instead makes a scan 1.4 times as long.
 * Before Linux 6.2 there is neither trust nor this function: nothing happens.
 */
INLINE const void *untrusted_task(const void *task)
{
	register const void *object __asm__("r1") = task;
	register const void *result __asm__("r0");

	__asm__ volatile("r2 = %[type]\n\tcall %[cast]"
			 : "=r"(result), "+r"(object)
			 : [type] "i"(TASK_TYPE_MARK), [cast] "i"(CAST_MARK)
			 : "r2", "r3", "r4", "r5");
	return result;
}

/* Hides the address from the compiler, which would otherwise make one for each member. */
INLINE struct program_state *program_state(void)
{
	struct program_state *state = (struct program_state *)STATE_MARK;

	__asm__("" : "+r"(state));
	return state;
}

/* The level of the pid namespace of the reading task: PIDs are emitted as that task sees them. */
INLINE uint32_t reader_level(struct program_state *state)
{
	if (!state->has_level) {
		const void *reader = bpf_get_current_task();

		state->level = PROBE(uint32_t, PROBE(void *, reader, TASK_THREAD_PID), PID_LEVEL);
		state->has_level = 1;
	}
	return state->level;
}

/* The verifier forbids to hash or compare a pointer; a stored one is a number to it. */
INLINE uint64_t address_of(uint64_t *scratch, const void *pointer)
{
	*(const void *volatile *)scratch = pointer;
	return *(volatile uint64_t *)scratch;
}

/* struct upid */
struct number {
	uint32_t nr;
	const void *ns;
};

/* The number of a pid at a level of pid namespaces, and its namespace there. */
INLINE struct number number_at(const void *pid, uint32_t level)
{
	struct number number = {0};
	const char *numbers = (const char *)pid + FIELD_MARK(KERNEL_PID_NUMBERS);

	bpf_probe_read_kernel(&number, sizeof(number), numbers + (level & 63) * sizeof(number));
	return number;
}

/* The number of a task at this level; 0 if it is not in that pid namespace or below, or was just reaped. */
INLINE uint32_t task_number(const void *task, uint32_t level)
{
	const void *pid;

	if (level == 0)
		return GET(uint32_t, task, TASK_PID);
	pid = GET(void *, task, TASK_THREAD_PID);
	if (GET(uint32_t, pid, PID_LEVEL) < level)
		return 0;
	return number_at(pid, level).nr;
}

/* The same for the leader of its process. */
INLINE uint32_t process_number(const void *task, uint32_t level)
{
	if (level == 0)
		return GET(uint32_t, task, TASK_TGID);
	return task_number(GET(void *, task, TASK_LEADER), level);
}

/*
 * The kernel's number iterator (Linux 6.4): a loop that the verifier looks at
 * once.  On kernels without it the loop does not run.
 */
#define CALL_WITH_ITERATOR(mark, iterator)                                                                   \
	({                                                                                                   \
		register const void *object __asm__("r1") = (iterator);                                      \
		register uint64_t result __asm__("r0");                                                      \
		__asm__ volatile("r2 = 0\n\tr3 = 0x7fffff\n\tcall %[function]"                               \
				 : "=r"(result), "+r"(object)                                                \
				 : [function] "i"(mark)                                                      \
				 : "r2", "r3", "r4", "r5", "memory");                                        \
		result;                                                                                      \
	})

/* The argument of every iterator (include/linux/bpf.h). */
struct iterator_meta {
	void *seq;
	uint64_t session;
	uint64_t number;
};

#endif
