/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proc/procfs.h"
#include "target/kind.h"

int target_open(const struct target *target, enum engine engine, struct opened_target *opened,
		struct error *err)
{
	*opened = TARGET_CLOSED;
	return target->row->open(target, engine, opened, err);
}

int target_refuse_several(const struct target *target, ns_type_set types, struct error *err)
{
	char ways[512] = "";
	size_t count = 0;

	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		size_t used = strlen(ways);

		if (!(types & 1U << type))
			continue;
		count++;
		if (used < sizeof(ways) - 1)
			snprintf(ways + used, sizeof(ways) - used, "%s" TARGET_KEPT_PREFIX "%.200s/%s",
				 used ? ", " : "", target->name, ns_type_name(type));
	}
	error_set(err, EINVAL, "'%.400s' is %zu namespaces, not one", target->text, count);
	return error_hint(err, "name one: %s", ways);
}

int target_open_one(const struct target *target, enum engine engine, struct opened_target *opened,
		    struct error *err)
{
	ns_type_set types = 0;
	int ret = target_open(target, engine, opened, err);

	if (ret < 0 || opened->ns_count <= 1)
		return ret;
	for (size_t i = 0; i < opened->ns_count; i++)
		types |= 1U << opened->ns[i].type;
	return target_refuse_several(target, types, err);
}

int target_open_text(const char *text, enum engine engine, struct opened_target *opened, struct error *err)
{
	struct target target;
	int ret;

	*opened = TARGET_CLOSED;
	ret = target_parse(text, &target, err);
	return ret < 0 ? ret : target_open(&target, engine, opened, err);
}

void opened_target_close(struct opened_target *opened)
{
	process_close(&opened->process);
	container_free(opened->container);
	opened->container = NULL;
	for (size_t i = 0; i < NS_TYPE_COUNT; i++)
		ns_close(&opened->ns[i]);
}

bool target_hint_at_unseen(const struct snapshot *snapshot, struct error *err)
{
	if (snapshot->has_hidden)
		procfs_hint_at_hidepid(err);
	else if (snapshot->unreadable > 0)
		error_hint(err, "%zu of %zu processes could not be read%s", snapshot->unreadable,
			   snapshot->processes, geteuid() == 0 ? "" : ": run as root");
	return snapshot->has_hidden || snapshot->unreadable > 0;
}

static int set_not_found(const struct snapshot *snapshot, const char *what, struct error *err)
{
	error_set(err, ENOENT,
		  "no namespace %.400s was found: it is gone, or lies outside what can be seen from here",
		  what);
	target_hint_at_unseen(snapshot, err);
	return -err->number;
}

int found_target_refuse_several(const struct snapshot *snapshot, const struct target *target,
				const struct found_target *found, struct error *err)
{
	ns_type_set types = 0;

	for (size_t i = 0; i < found->ns_count; i++)
		types |= 1U << snapshot->namespaces[found->ns[i]].type;
	return target_refuse_several(target, types, err);
}

void found_target_free(struct found_target *found)
{
	free(found->tasks);
	found->tasks = NULL;
}

/* A container has the threads of its processes.  The tasks of a process follow each other, its leader first.
 */
static void mark_threads(const struct snapshot *snapshot, bool *tasks)
{
	pid_t process = 0;

	for (uint32_t i = 0; i < snapshot->task_count; i++) {
		if (tasks[i])
			process = snapshot->tasks[i].tgid;
		tasks[i] = process != 0 && snapshot->tasks[i].tgid == process;
	}
}

int target_find(const struct target *target, const struct snapshot *snapshot, struct found_target *found,
		struct error *err)
{
	int ret;

	found_target_free(found);
	*found = (struct found_target){.task = SNAPSHOT_NONE};
	ret = target->row->find(target, snapshot, found, err);
	if (ret == 0 && found->tasks)
		mark_threads(snapshot, found->tasks);
	if (ret < 0 || found->is_process ||
	    (found->ns_count > 0 && !found_target_has_ns(found, SNAPSHOT_NONE)))
		return ret;
	return set_not_found(snapshot, target->text, err);
}

int target_find_opened(const struct target *target, const struct snapshot *snapshot,
		       struct found_target *found, struct error *err)
{
	AUTO_TARGET struct opened_target opened;
	int ret = target_open(target, ENGINE_AUTO, &opened, err);

	for (size_t i = 0; i < opened.ns_count && ret == 0; i++)
		found->ns[found->ns_count++] =
		    snapshot_find_ns(snapshot, opened.ns[i].type, opened.ns[i].ino);
	return ret;
}

bool found_target_has_ns(const struct found_target *found, uint32_t ns)
{
	for (size_t i = 0; i < found->ns_count; i++) {
		if (found->ns[i] == ns)
			return true;
	}
	return false;
}

bool found_target_has_task(const struct snapshot *snapshot, const struct found_target *found, uint32_t task)
{
	for (size_t i = 0; i < found->ns_count; i++) {
		if (snapshot_task_is_in(snapshot, task, found->ns[i]))
			return true;
	}
	return false;
}
