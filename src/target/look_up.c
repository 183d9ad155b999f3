/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "proc/procfs.h"
#include "target/kind.h"

int target_open(const struct target *target, enum engine engine, struct opened_target *opened,
		struct error *err)
{
	*opened = TARGET_CLOSED;
	return target->row->open(target, engine, opened, err);
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
	ns_close(&opened->ns);
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

void found_target_free(struct found_target *found)
{
	free(found->tasks);
	found->tasks = NULL;
}

int target_find(const struct target *target, const struct snapshot *snapshot, struct found_target *found,
		struct error *err)
{
	int ret;

	found_target_free(found);
	*found = (struct found_target){.task = SNAPSHOT_NONE, .ns = SNAPSHOT_NONE};
	ret = target->row->find(target, snapshot, found, err);
	if (ret < 0 || found->is_process || found->ns != SNAPSHOT_NONE)
		return ret;
	return set_not_found(snapshot, target->text, err);
}
