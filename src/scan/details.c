/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scan/details.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/bounded.h"
#include "base/cleanup.h"
#include "proc/process.h"
#include "proc/user_names.h"
#include "scan/inside_users.h"
#include "scan/open_task.h"
#include "scan/task_containers.h"
#include "scan/task_details.h"

/* A helper takes as long to start as a few tasks to read. */
#define TASKS_PER_HELPER 64
/* Bounds the memory for the longest command lines. */
#define TASKS_AT_ONCE 4096

int scan_read_details(const struct snapshot *snapshot, uint32_t task, unsigned int wanted,
		      struct task_details *details)
{
	AUTO_PROCESS struct process process = PROCESS_CLOSED;
	int ret = scan_open_task(snapshot, task, &process);

	*details = (struct task_details){0};
	return ret < 0 ? ret : task_details_read(snapshot, task, &process, wanted, details);
}

struct reading {
	const struct snapshot *snapshot;
	const uint32_t *tasks;
	unsigned int wanted;
};

static int store_details(struct bounded_reply *reply, const struct stored_details *stored)
{
	size_t length = offsetof(struct stored_details, texts) + stored->length;

	return bounded_store(reply, stored, length) ? 0 : -ENOMEM;
}

/* In a helper: any of this may block. */
static int read_all_details(size_t item, struct bounded_reply *reply, void *context)
{
	const struct reading *reading = context;
	uint32_t task = reading->tasks[item];
	struct stored_details stored = {0};
	AUTO_PROCESS struct process process = PROCESS_CLOSED;
	int ret = task == SNAPSHOT_NONE ? -ESRCH : scan_open_task(reading->snapshot, task, &process);

	if (ret == 0)
		ret = task_details_read(reading->snapshot, task, &process, reading->wanted, &stored.details);
	if (ret < 0)
		return ret;
	task_details_read_texts(&process, reading->wanted, &stored);
	return store_details(reply, &stored);
}

/* In a helper, for a task that blocks. */
static int read_unblocked(size_t item, struct bounded_reply *reply, void *context)
{
	const struct reading *reading = context;
	uint32_t task = reading->tasks[item];
	struct stored_details stored = {0};
	AUTO_PROCESS struct process process = PROCESS_CLOSED;

	if (scan_open_any_task(&reading->snapshot->tasks[task], &process) < 0)
		return -ESRCH;
	task_details_read_unblocked(reading->snapshot, task, &process, &stored);
	return store_details(reply, &stored);
}

static void run_helpers(const struct reading *reading, size_t count, bounded_fn *work,
			struct bounded *answers)
{
	const struct bounded_job job = {
	    .count = count,
	    .limit = sizeof(struct stored_details),
	    .items_per_helper = TASKS_PER_HELPER,
	    .work = work,
	    .context = (void *)reading,
	};

	/* Without a helper there are no answers. */
	bounded_run(&job, unanswered_patience(reading->snapshot->unanswered), answers);
}

static int store_answer(const struct bounded *answers, size_t item, struct task_details *details)
{
	size_t size;
	const struct stored_details *stored = bounded_data(answers, item, &size);
	int status = bounded_status(answers, item);

	if (!stored) {
		details->is_gone = status < 0;
		return status == -ENOMEM ? -ENOMEM : 0;
	}
	return task_details_unpack(stored, details);
}

/* places: of the tasks without an answer, among the details. */
static int read_rest(const struct reading *reading, const size_t *places, size_t count,
		     struct task_details *details)
{
	AUTO_FREE uint32_t *tasks = calloc(count + 1, sizeof(*tasks));
	AUTO_BOUNDED struct bounded answers = {0};
	struct reading again = {.snapshot = reading->snapshot, .tasks = tasks, .wanted = reading->wanted};
	int ret = tasks ? 0 : -ENOMEM;

	if (count == 0 || ret < 0)
		return ret;
	for (size_t i = 0; i < count; i++)
		tasks[i] = reading->tasks[places[i]];
	unanswered_add(reading->snapshot->unanswered, UNANSWERED_COMMAND, count);
	run_helpers(&again, count, read_unblocked, &answers);
	for (size_t i = 0; i < count && ret == 0; i++)
		ret = store_answer(&answers, i, &details[places[i]]);
	return ret;
}

/* details[i]: of tasks[i]; one that is gone has none.  Returns 0 or -ENOMEM. */
static int read_some(const struct reading *reading, size_t count, struct task_details *details)
{
	AUTO_BOUNDED struct bounded answers = {0};
	AUTO_FREE size_t *unanswered = calloc(count + 1, sizeof(*unanswered));
	size_t unanswered_count = 0;
	int ret = unanswered ? 0 : -ENOMEM;

	if (unanswered)
		run_helpers(reading, count, read_all_details, &answers);
	for (size_t i = 0; i < count && ret == 0; i++) {
		if (reading->tasks[i] == SNAPSHOT_NONE)
			continue;
		if (bounded_status(&answers, i) == BOUNDED_NO_ANSWER)
			unanswered[unanswered_count++] = i;
		else
			ret = store_answer(&answers, i, &details[i]);
	}
	return ret < 0 ? ret : read_rest(reading, unanswered, unanswered_count, details);
}

int scan_details(const struct snapshot *snapshot, uint32_t task, unsigned int wanted,
		 struct task_details *details)
{
	int ret;

	*details = (struct task_details){0};
	ret = scan_details_of_all(snapshot, &task, 1, wanted, details);
	return ret == 0 && details->is_gone ? -ESRCH : ret;
}

/* The names of this system's users: where a name is missing, one run of getent(1) asks for all. */
static int name_users(struct task_details *details, size_t count)
{
	AUTO_USER_NAMES struct user_names names = {0};
	int ret = 0;

	for (size_t i = 0; i < count && ret == 0; i++)
		ret = details[i].has_uid ? user_names_want(&names, details[i].uid) : 0;
	if (ret == 0)
		ret = user_names_load(&names);
	for (size_t i = 0; i < count && ret == 0; i++) {
		if (!details[i].has_uid)
			continue;
		details[i].texts[TEXT_USER] = strdup(user_names_find(&names, details[i].uid));
		ret = details[i].texts[TEXT_USER] ? 0 : -ENOMEM;
	}
	return ret;
}

int scan_details_of_all(const struct snapshot *snapshot, const uint32_t *tasks, size_t count,
			unsigned int wanted, struct task_details *details)
{
	struct reading reading = {.snapshot = snapshot, .wanted = wanted};
	int ret = 0;

	for (size_t first = 0; wanted != 0 && first < count && ret == 0; first += TASKS_AT_ONCE) {
		size_t some = count - first < TASKS_AT_ONCE ? count - first : TASKS_AT_ONCE;

		reading.tasks = tasks + first;
		ret = read_some(&reading, some, details + first);
	}
	if (ret == 0 && (wanted & DETAIL_USER_NAME) == DETAIL_USER_NAME)
		ret = name_users(details, count);
	if (ret == 0 && (wanted & DETAIL_INSIDE_NAME) == DETAIL_INSIDE_NAME)
		ret = inside_users_read(snapshot, tasks, count, details);
	if (ret == 0 && (wanted & DETAIL_CONTAINER) == DETAIL_CONTAINER)
		ret = task_containers_find(snapshot, tasks, count, details);
	if (ret == 0 && (wanted & DETAIL_UNIT) == DETAIL_UNIT)
		ret = task_units_find(details, count);
	return ret;
}
