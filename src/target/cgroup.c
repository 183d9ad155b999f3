/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cgroup:PATH, the processes in a cgroup and in those below it. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/numbers.h"
#include "proc/cgroup.h"
#include "proc/status.h"
#include "scan/details.h"
#include "target/kind.h"

static bool parse_cgroup(const char *text, struct target *target)
{
	target->name = text;
	return text[0] == '/';
}

/* The leaders of processes; threads are in the cgroup of theirs, as a rule. */
static uint32_t *list_leaders(const struct snapshot *snapshot, size_t *count)
{
	uint32_t *leaders = calloc(snapshot->task_count + 1, sizeof(*leaders));

	*count = 0;
	for (uint32_t i = 0; leaders && i < snapshot->task_count; i++) {
		if (snapshot_is_leader(&snapshot->tasks[i]))
			leaders[(*count)++] = i;
	}
	return leaders;
}

/* Marks the processes in the cgroup, and keeps the first of them. */
static void mark_members(const struct target *target, const uint32_t *leaders, size_t count,
			 const struct task_details *details, struct found_target *found)
{
	for (size_t i = 0; i < count; i++) {
		const char *path = details[i].texts[TEXT_CGROUP];

		if (!path || !cgroup_path_below(target->name, path))
			continue;
		found->tasks[leaders[i]] = true;
		if (found->task == SNAPSHOT_NONE)
			found->task = leaders[i];
	}
}

static int set_empty(const struct target *target, struct error *err)
{
	error_set(err, ESRCH, "no process is in the cgroup '%.400s'", target->name);
	return error_hint(err, "`nsctl sets -o +CGROUP` shows the cgroups of sets");
}

static int find_cgroup_members(const struct target *target, const struct snapshot *snapshot,
			       struct found_target *found, struct error *err)
{
	size_t count;
	AUTO_FREE uint32_t *leaders = list_leaders(snapshot, &count);
	AUTO_FREE struct task_details *details = calloc(count + 1, sizeof(*details));
	int ret = -ENOMEM;

	found->is_process = true;
	found->tasks = calloc(snapshot->task_count + 1, sizeof(*found->tasks));
	if (leaders && details && found->tasks)
		ret = scan_details_of_all(snapshot, leaders, count, DETAIL_CGROUP, details);
	if (ret == 0)
		mark_members(target, leaders, count, details, found);
	for (size_t i = 0; details && i < count; i++)
		task_details_free(&details[i]);
	if (ret < 0)
		return error_set_errno(err, -ret, "cannot read the cgroups of the processes");
	if (found->task != SNAPSHOT_NONE)
		return 0;
	set_empty(target, err);
	target_hint_at_unseen(snapshot, err);
	return -ESRCH;
}

static bool is_member(const struct target *target, pid_t pid)
{
	char path[COMMAND_SIZE];
	AUTO_CLOSE int dir_fd = process_open_directory(pid);

	return dir_fd >= 0 && process_read_cgroup(dir_fd, path, sizeof(path)) == 0 &&
	       cgroup_path_below(target->name, path);
}

/*
 * Counts the processes in the cgroup, and stores one of them.  Any user may read
 * the cgroup of any process: nothing is missed, unlike in a scan.  Returns 0 or a
 * negative errno.
 */
static int count_members(const struct target *target, size_t *count, pid_t *member)
{
	AUTO_NUMBERS struct numbers numbers = {.fd = -1};
	uint32_t pid;
	int ret = numbers_open(&numbers, AT_FDCWD, "/proc");

	*count = 0;
	while (ret >= 0 && (ret = numbers_next(&numbers, &pid)) > 0) {
		if (!is_member(target, (pid_t)pid))
			continue;
		*member = (pid_t)pid;
		(*count)++;
	}
	return ret;
}

/* Opens the process of a cgroup that has a single one. */
static int open_cgroup_member(const struct target *target, enum engine engine, struct opened_target *opened,
			      struct error *err)
{
	size_t count;
	pid_t member = 0;
	int ret = count_members(target, &count, &member);

	(void)engine;
	if (ret < 0)
		return error_set_errno(err, -ret, "cannot read /proc");
	if (count == 0)
		return set_empty(target, err);
	if (count > 1) {
		error_set(err, EINVAL, "'%.400s' is %zu processes, not one", target->text, count);
		return error_hint(err, "`nsctl ps %.256s` lists them", target->text);
	}
	opened->is_process = true;
	return process_open(member, &opened->process, err);
}

const struct target_row target_cgroup = {
    .kind = TARGET_PROCESS,
    .prefix = "cgroup:",
    .written = "cgroup:PATH",
    .needs = TARGET_NEEDS_TASKS,
    .parse = parse_cgroup,
    .open = open_cgroup_member,
    .find = find_cgroup_members,
};
