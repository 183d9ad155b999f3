/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/bounded.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/bounded_shared.h"
#include "base/child.h"
#include "base/file.h"

#define TICK_MSEC 20
/* The time that each run may wait even if others have used up the patience that it shares. */
#define FLOOR_MSEC 100
#define HELPERS_IN_ALL 256
/* A helper that is blocked for longer is replaced, unless another one is free. */
#define TICKS_TO_REPLACE 8

/* One helper as the caller sees it. */
struct helper {
	pid_t pid;          /* 0: none */
	size_t item;        /* at the last tick */
	unsigned int ticks; /* that it was blocked at this item */
};

struct run {
	const struct bounded_job *job;
	struct bounded_shared *shared;
	struct helper helpers[BOUNDED_HELPERS];
	size_t alive;
	size_t started;
	pid_t abandoned[HELPERS_IN_ALL]; /* killed, and not reaped yet */
	size_t abandoned_count;
	unsigned int allowed; /* msec */
	unsigned int blocked; /* msec */
};

static int start_helper(struct run *run)
{
	struct helper_state *state;
	pid_t parent = getpid();
	size_t place = 0;
	pid_t pid;

	while (place < BOUNDED_HELPERS && run->helpers[place].pid != 0)
		place++;
	if (place == BOUNDED_HELPERS || run->started == HELPERS_IN_ALL)
		return -EAGAIN;
	state = &run->shared->helpers[place];
	state->number = 0;
	state->item = BOUNDED_NO_ITEM;
	pid = fork();
	if (pid < 0)
		return -errno;
	if (pid == 0)
		bounded_help(run->job, run->shared, state, parent);
	run->helpers[place] = (struct helper){.pid = pid, .item = BOUNDED_NO_ITEM};
	run->alive++;
	run->started++;
	return 0;
}

static bool has_open_items(const struct run *run)
{
	return run->shared->next < run->job->count;
}

/* No more than there are items.  Returns how many could be started, or a negative errno. */
static int start_helpers(struct run *run, size_t count)
{
	size_t next = run->shared->next;
	size_t left = next < run->job->count ? run->job->count - next : 0;
	int started = 0;

	while ((size_t)started < count && (size_t)started < left) {
		int ret = start_helper(run);

		if (ret < 0)
			return started > 0 ? started : ret;
		started++;
	}
	return started;
}

/* Whatever is not answered yet will not be. */
static void seal(struct bounded_shared *shared, size_t item)
{
	uint32_t expected = SLOT_OPEN;

	if (item != BOUNDED_NO_ITEM &&
	    atomic_compare_exchange_strong(&shared->slots[item].state, &expected, SLOT_SEALED))
		bounded_finish_item(shared);
}

/* The item that it died at has no answer. */
static void forget(struct run *run, size_t place)
{
	run->helpers[place].pid = 0;
	run->alive--;
	seal(run->shared, run->shared->helpers[place].item);
}

static void abandon(struct run *run, size_t place)
{
	kill(run->helpers[place].pid, SIGKILL);
	run->abandoned[run->abandoned_count++] = run->helpers[place].pid;
	forget(run, place);
}

static void reap_dead(struct run *run)
{
	for (size_t i = 0; i < BOUNDED_HELPERS; i++) {
		if (run->helpers[i].pid != 0 && waitpid(run->helpers[i].pid, NULL, WNOHANG) != 0)
			forget(run, i);
	}
}

/* The state that proc(5) has for a process; 0: it cannot be read. */
static int read_state(int number)
{
	char path[32];
	char text[512];
	const char *state;

	snprintf(path, sizeof(path), "/proc/%d/stat", number);
	if (number < 0 || file_read_at(AT_FDCWD, path, text, sizeof(text)) < 0)
		return 0;
	state = strrchr(text, ')');
	return state && state[1] == ' ' ? state[2] : 0;
}

/* A helper may wait for helpers of its own. */
static bool has_running_child(int number)
{
	char path[64];
	char text[512];
	const char *rest = text;
	int length;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", number, number);
	if (file_read_at(AT_FDCWD, path, text, sizeof(text)) < 0)
		return false;
	for (int child; sscanf(rest, "%d%n", &child, &length) == 1; rest += length) {
		if (read_state(child) == 'R')
			return true;
	}
	return false;
}

/* Whether it sleeps.  One that waits for a processor does not: it is 'R'. */
static bool is_asleep(int number, bool is_at_same_item)
{
	int state = number == 0 ? 'R' : read_state(number);

	if (state == 0)
		return is_at_same_item;
	return state != 'R' && !has_running_child(number);
}

static bool is_blocked(struct run *run, size_t place)
{
	struct helper *helper = &run->helpers[place];
	size_t item = run->shared->helpers[place].item;
	bool is_at_same_item = item == helper->item;

	helper->item = item;
	if (!is_asleep(run->shared->helpers[place].number, is_at_same_item)) {
		helper->ticks = 0;
		return false;
	}
	helper->ticks = is_at_same_item ? helper->ticks + 1 : 1;
	return true;
}

static bool are_all_blocked(struct run *run)
{
	bool are_all = true;

	for (size_t i = 0; i < BOUNDED_HELPERS; i++) {
		if (run->helpers[i].pid != 0 && !is_blocked(run, i))
			are_all = false;
	}
	return are_all;
}

static void abandon_blocked(struct run *run, unsigned int ticks)
{
	for (size_t i = 0; i < BOUNDED_HELPERS; i++) {
		if (run->helpers[i].pid != 0 && run->helpers[i].ticks >= ticks)
			abandon(run, i);
	}
}

/* More helpers for what is left: twice as many, or others.  False where it makes no sense to wait for them.
 */
static bool start_more(struct run *run)
{
	size_t count = run->alive > 0 ? run->alive : 1;
	bool is_allowed = run->blocked < run->allowed;

	if (!has_open_items(run))
		return is_allowed;
	if (run->alive == BOUNDED_HELPERS && is_allowed)
		abandon_blocked(run, TICKS_TO_REPLACE);
	return start_helpers(run, count) > 0 || is_allowed;
}

static unsigned int msec_since(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (unsigned int)((now.tv_sec - start->tv_sec) * 1000 + (now.tv_nsec - start->tv_nsec) / 1000000);
}

/*
 * Waits for a tick, or the end.  Returns how long, but not much more than a
 * tick: a caller that was stopped meanwhile, or had no processor, did not wait.
 */
static unsigned int wait_tick(struct bounded_shared *shared)
{
	const struct timespec tick = {.tv_nsec = TICK_MSEC * 1000000L};
	struct timespec start;
	unsigned int msec;

	clock_gettime(CLOCK_MONOTONIC, &start);
	syscall(SYS_futex, &shared->is_finished, FUTEX_WAIT, 0, &tick, NULL, 0);
	msec = msec_since(&start);
	return msec < 2 * TICK_MSEC ? msec : 2 * TICK_MSEC;
}

static void supervise(struct run *run)
{
	while (!run->shared->is_finished) {
		unsigned int waited = wait_tick(run->shared);

		if (run->shared->is_finished)
			return;
		reap_dead(run);
		if (!are_all_blocked(run))
			continue;
		run->blocked += waited;
		if (!start_more(run))
			return;
	}
}

static void reap_abandoned(struct run *run)
{
	size_t left = 0;

	for (size_t i = 0; i < run->abandoned_count; i++) {
		if (waitpid(run->abandoned[i], NULL, WNOHANG) == 0)
			run->abandoned[left++] = run->abandoned[i];
	}
	run->abandoned_count = left;
}

/* A helper that can die is gone in an instant; a blocked one stays until its wait ends. */
static void end_helpers(struct run *run)
{
	abandon_blocked(run, 0);
	reap_abandoned(run);
	for (int i = 0; i < 100 && run->abandoned_count > 0; i++) {
		usleep(100);
		reap_abandoned(run);
	}
}

static long count_unanswered(struct bounded_shared *shared, size_t count)
{
	long unanswered = 0;

	for (size_t i = 0; i < count; i++) {
		seal(shared, i);
		unanswered += shared->slots[i].state != SLOT_DONE;
	}
	return unanswered;
}

/* The processors that the caller may use; all, if there may be more than a cpu_set_t holds. */
static size_t count_processors(void)
{
	cpu_set_t processors;
	long count;

	if (sched_getaffinity(0, sizeof(processors), &processors) == 0)
		return (size_t)CPU_COUNT(&processors);
	count = sysconf(_SC_NPROCESSORS_ONLN);
	return count > 0 ? (size_t)count : 1;
}

/* One for each processor, but only as many as have enough items to be worth their start. */
static size_t choose_helpers(const struct bounded_job *job)
{
	size_t most = job->count / job->items_per_helper;
	size_t processors = most == 0 ? 1 : count_processors();

	return processors < most + 1 ? processors : most + 1;
}

long bounded_run(const struct bounded_job *job, struct patience *patience, struct bounded *answers)
{
	struct sigaction before;
	struct patience own = PATIENCE;
	struct run run = {.job = job};
	int ret = 0;

	*answers = (struct bounded){0};
	if (job->count > 0)
		ret = bounded_map(job, answers);
	if (job->count == 0 || ret < 0)
		return ret;
	if (!patience)
		patience = &own;
	run.shared = answers->shared;
	run.allowed = patience->msec > FLOOR_MSEC ? patience->msec : FLOOR_MSEC;
	/* Helpers that the kernel collects could have their PIDs reused. */
	child_keep_status(&before);
	ret = start_helpers(&run, choose_helpers(job));
	if (ret > 0) {
		supervise(&run);
		end_helpers(&run);
	}
	child_restore_action(&before);
	if (ret < 0) {
		bounded_free(answers);
		return ret;
	}
	patience->msec -= run.blocked < patience->msec ? run.blocked : patience->msec;
	return count_unanswered(run.shared, job->count);
}
