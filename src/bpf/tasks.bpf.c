/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * iter/task: every task that the reader sees, and the namespaces that it is in.
 * Many tasks have the same: a set is emitted once, and its number afterwards.
 */
#include "bpf/kernel.h"

struct context {
	struct iterator_meta *meta;
	const void *task;
};

/* The objects that lead to the namespaces of a task. */
struct task_ns {
	const void *nsproxy;
	uint64_t address; /* of the nsproxy, as a number */
	const void *user;
	const void *pid; /* a number to the verifier: see number_at() */
};

INLINE void read_task_ns(struct program_state *state, const void *task, struct task_ns *of)
{
	const void *pid = GET(void *, task, TASK_THREAD_PID);

	of->pid = number_at(pid, GET(uint32_t, pid, PID_LEVEL)).ns;
	of->user = GET(void *, GET(void *, task, TASK_CRED), CRED_USER_NS);
	of->nsproxy = GET(void *, task, TASK_NSPROXY);
	of->address = address_of(&state->scratch, of->nsproxy);
}

/* type: the kernel's name for it, as in fields.h */
#define INUM(nsproxy, link, type) GET(uint32_t, GET(void *, nsproxy, NSPROXY_##link), type##_INUM)

INLINE void read_inums(const struct task_ns *of, uint32_t *inums)
{
	inums[RECORD_CGROUP] = INUM(of->nsproxy, CGROUP, CGROUP);
	inums[RECORD_IPC] = INUM(of->nsproxy, IPC, IPC);
	inums[RECORD_MNT] = INUM(of->nsproxy, MNT, MNT);
	inums[RECORD_NET] = INUM(of->nsproxy, NET, NET);
	inums[RECORD_PID] = PROBE(uint32_t, of->pid, PID_INUM);
	inums[RECORD_PID_FOR_CHILDREN] = INUM(of->nsproxy, PID_FOR_CHILDREN, PID);
	inums[RECORD_TIME] = INUM(of->nsproxy, TIME, TIME);
	inums[RECORD_TIME_FOR_CHILDREN] = INUM(of->nsproxy, TIME_FOR_CHILDREN, TIME);
	inums[RECORD_USER] = GET(uint32_t, of->user, USER_INUM);
	inums[RECORD_UTS] = INUM(of->nsproxy, UTS, UTS);
}

/*
 * An nsproxy is freed when its last task leaves it, and the memory may be reused:
 * what was read is valid only if the task has not left it since.
 */
INLINE int has_left(struct program_state *state, const void *task, const struct task_ns *of)
{
	return address_of(&state->scratch, GET(void *, task, TASK_NSPROXY)) != of->address;
}

/*
 * A task may change its nsproxy at any time and any number of times (by setns(2) to
 * its own namespaces).  Returns whether it kept one while it was read.
 */
INLINE int read_stable(struct program_state *state, const void *task, struct task_ns *of, uint32_t *inums)
{
	for (int tries = 0; tries < 4; tries++) {
		read_task_ns(state, task, of);
		read_inums(of, inums);
		if (!has_left(state, task, of))
			return 1;
	}
	return 0;
}

/* The slot of a set with this nsproxy, pid and user namespace. */
INLINE struct emitted_set *find_slot(struct program_state *state, const struct task_ns *of,
				     const uint32_t *inums)
{
	uint64_t hash = of->address + inums[RECORD_PID] + ((uint64_t)inums[RECORD_USER] << 8);

	return &state->emitted[(hash * 0x9E3779B97F4A7C15ULL) >> (64 - SET_SLOT_BITS)];
}

/* The address alone is not enough: freed memory may be reused at once. */
INLINE int is_emitted(const struct emitted_set *emitted, const struct task_ns *of, const uint32_t *inums)
{
	uint64_t differ = emitted->nsproxy ^ of->address;

#pragma unroll
	for (int link = 0; link < RECORD_LINKS; link++)
		differ |= emitted->inums[link] ^ inums[link];
	return differ == 0 && emitted->number != 0;
}

#define FILL_NS(record, namespace, type)                                                                     \
	do {                                                                                                 \
		const void *its = (namespace);                                                               \
		const void *owner = PROBE(void *, its, type##_USER_NS);                                      \
		(record)->id = PROBE(uint64_t, its, type##_ID);                                              \
		(record)->owner = PROBE(uint32_t, owner, USER_INUM);                                         \
		(record)->creator = PROBE(uint32_t, owner, USER_OWNER);                                      \
	} while (0)

#define FILL_LINK(set, copy, link, type)                                                                     \
	FILL_NS(&(set)->ns[RECORD_##link], GET(void *, copy, NSPROXY_##link), type)

INLINE void fill_user(struct record_ns *record, const void *user)
{
	record->id = PROBE(uint64_t, user, USER_ID);
	record->owner = PROBE(uint32_t, PROBE(void *, user, USER_PARENT), USER_INUM);
	record->creator = PROBE(uint32_t, user, USER_OWNER);
}

INLINE void fill_pid(struct record_ns *record, const void *pid)
{
	FILL_NS(record, pid, PID);
	record->parent = PROBE(uint32_t, PROBE(void *, pid, PID_PARENT), PID_INUM);
}

INLINE void fill_namespaces(struct record_set *set, const struct task_ns *of)
{
#pragma unroll
	for (int link = 0; link < RECORD_LINKS; link++)
		set->ns[link].parent = 0;
	set->refs = GET(uint32_t, of->nsproxy, NSPROXY_COUNT);
	FILL_LINK(set, of->nsproxy, CGROUP, CGROUP);
	FILL_LINK(set, of->nsproxy, IPC, IPC);
	FILL_LINK(set, of->nsproxy, MNT, MNT);
	FILL_LINK(set, of->nsproxy, NET, NET);
	FILL_LINK(set, of->nsproxy, TIME, TIME);
	FILL_LINK(set, of->nsproxy, TIME_FOR_CHILDREN, TIME);
	FILL_LINK(set, of->nsproxy, UTS, UTS);
	fill_pid(&set->ns[RECORD_PID], of->pid);
	fill_pid(&set->ns[RECORD_PID_FOR_CHILDREN], GET(void *, of->nsproxy, NSPROXY_PID_FOR_CHILDREN));
	fill_user(&set->ns[RECORD_USER], of->user);
}

/* A record without inum is no namespace, whatever else was read. */
INLINE void fill_set(struct record_set *set, const struct task_ns *of, const uint32_t *inums, uint32_t number)
{
	set->kind = RECORD_SET;
	set->number = number;
	set->nsproxy = of->address;
	if (of->address == 0)
		set->refs = 0;
	set->spare = 0;
#pragma unroll
	for (int link = 0; link < RECORD_LINKS; link++)
		set->ns[link].inum = inums[link];
}

INLINE void fill_task(struct record_task *record, const void *task, uint32_t level)
{
	record->kind = RECORD_TASK;
	record->pid = task_number(task, level);
	record->tgid = process_number(task, level);
	record->ppid = process_number(GET(void *, task, TASK_PARENT), level);
	record->flags = GET(uint32_t, task, TASK_FLAGS);
	record->start_nsec = GET(uint64_t, task, TASK_START);
}

INLINE void remember(struct emitted_set *emitted, const struct task_ns *of, const uint32_t *inums,
		     uint32_t number)
{
	emitted->nsproxy = of->address;
	emitted->number = number;
#pragma unroll
	for (int link = 0; link < RECORD_LINKS; link++)
		emitted->inums[link] = inums[link];
}

/*
 * If the buffer is full, the kernel discards what was emitted for a task and calls
 * again: set and task are emitted in one record, and remembered afterwards.
 */
__attribute__((section("tasks"), used)) int emit(const struct context *context)
{
	struct program_state *state = program_state();
	const void *task = context->task;
	void *seq = context->meta->seq;
	uint32_t inums[RECORD_LINKS];
	struct emitted_set *emitted;
	struct task_ns of;
	uint32_t number = RECORD_SET_CHANGES;

	if (!task)
		return 0;
	task = untrusted_task(task);
	fill_task(&state->record.task, task, reader_level(state));
	if (read_stable(state, task, &of, inums)) {
		emitted = find_slot(state, &of, inums);
		if (is_emitted(emitted, &of, inums)) {
			number = emitted->number;
		} else {
			fill_namespaces(&state->record.set, &of);
			if (!has_left(state, task, &of))
				number = 0;
		}
	}
	state->record.task.set = number;
	if (number != 0) {
		bpf_seq_write(seq, &state->record.task, sizeof(state->record.task));
		return 0;
	}
	number = state->set_count + 1;
	fill_set(&state->record.set, &of, inums, number);
	state->record.task.set = number;
	if (bpf_seq_write(seq, &state->record, sizeof(state->record)) == 0) {
		state->set_count = number;
		remember(emitted, &of, inums, number);
	}
	return 0;
}
