/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The side of bounded_run() that runs in a helper process. */
#include <fcntl.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/bounded_shared.h"

/* As many as are closed one by one. */
#define CLOSE_MAX 65536

struct bounded_reply {
	struct bounded_shared *shared;
	struct slot *slot;
	size_t limit;
};

void *bounded_reserve(struct bounded_reply *reply, size_t size)
{
	struct bounded_shared *shared = reply->shared;
	size_t units = bounded_units(size);
	size_t offset;

	if (size == 0 || size > reply->limit || reply->slot->size != 0)
		return NULL;
	offset = atomic_fetch_add(&shared->arena_used, units);
	if (offset + units > shared->arena_size)
		return NULL;
	reply->slot->offset = (uint32_t)offset;
	reply->slot->size = (uint32_t)size;
	return bounded_arena_at(shared, offset);
}

bool bounded_store(struct bounded_reply *reply, const void *data, size_t size)
{
	void *place = bounded_reserve(reply, size);

	if (place)
		memcpy(place, data, size);
	return place || size == 0;
}

static void close_from_to(unsigned int first, unsigned int last)
{
	long most = sysconf(_SC_OPEN_MAX);

	if (first > last || syscall(SYS_close_range, first, last, 0) == 0)
		return;
	/* Before Linux 5.9; a limit of millions would take longer than the work. */
	if (most < 0 || most > CLOSE_MAX)
		most = CLOSE_MAX;
	for (unsigned int fd = first; fd <= last && fd < (unsigned int)most; fd++)
		close((int)fd);
}

/* The lowest of keep that is not below first; UINT32_MAX: none. */
static unsigned int next_kept(const int *keep, size_t count, unsigned int first)
{
	unsigned int next = UINT32_MAX;

	for (size_t i = 0; i < count; i++) {
		if (keep[i] >= 0 && (unsigned int)keep[i] >= first && (unsigned int)keep[i] < next)
			next = (unsigned int)keep[i];
	}
	return next;
}

/* A helper that was abandoned must not keep a pipe of nsctl's caller open. */
static void close_all_but(const int *keep, size_t count)
{
	unsigned int first = 0;
	unsigned int kept;

	while ((kept = next_kept(keep, count, first)) != UINT32_MAX) {
		if (kept > first)
			close_from_to(first, kept - 1);
		first = kept + 1;
	}
	close_from_to(first, UINT32_MAX);
}

static int read_own_number(void)
{
	char text[32];
	ssize_t length = readlink("/proc/self", text, sizeof(text) - 1);

	text[length < 0 ? 0 : length] = '\0';
	return length > 0 ? atoi(text) : -1;
}

static void reset_signals(void)
{
	const struct sigaction action = {.sa_handler = SIG_DFL};

	for (int number = 1; number < NSIG; number++)
		sigaction(number, &action, NULL);
}

void bounded_finish_item(struct bounded_shared *shared)
{
	if (atomic_fetch_sub(&shared->unfinished, 1) != 1)
		return;
	shared->is_finished = 1;
	syscall(SYS_futex, &shared->is_finished, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static void work_on(const struct bounded_job *job, struct bounded_shared *shared, size_t item)
{
	struct slot *slot = &shared->slots[item];
	struct bounded_reply reply = {.shared = shared, .slot = slot, .limit = job->limit};
	uint32_t expected = SLOT_OPEN;

	slot->status = job->work(item, &reply, job->context);
	if (atomic_compare_exchange_strong(&slot->state, &expected, SLOT_DONE))
		bounded_finish_item(shared);
}

void bounded_help(const struct bounded_job *job, struct bounded_shared *shared, struct helper_state *state,
		  pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* The parent may have ended before. */
	if (getppid() != parent || chdir("/") < 0)
		_exit(1);
	reset_signals();
	state->number = read_own_number();
	close_all_but(job->keep, job->keep_count);
	for (;;) {
		size_t item = atomic_fetch_add(&shared->next, 1);

		if (item >= job->count)
			_exit(0);
		state->item = item;
		work_on(job, shared, item);
		state->item = BOUNDED_NO_ITEM;
	}
}
