/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the iterators emit, however broken: a snapshot of it is whole.  The first
 * byte says of which iterator and what was asked for, the second which types.
 */
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bpf/record.h"
#include "input.h"
#include "scan/sources.h"
#include "snapshot/build.h"

enum { OF_FILES = 1, WITH_RELATIONS = 2, LEADERS_ONLY = 4 };

static int to_file(const uint8_t *data, size_t size)
{
	int fd = memfd_create("records", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size || lseek(fd, 0, SEEK_SET) != 0)
		abort();
	return fd;
}

/* For such a task the reader asks /proc in a helper, which is no work for a fuzzer. */
static bool has_changing_task(const uint8_t *data, size_t size)
{
	struct record_task task;
	size_t length;

	for (size_t at = 0; size - at >= sizeof(task); at += length) {
		memcpy(&task, data + at, sizeof(task));
		if (task.kind == RECORD_TASK && task.set == RECORD_SET_CHANGES)
			return true;
		length = task.kind == RECORD_TASK ? sizeof(task) : sizeof(struct record_set);
		if (length > size - at)
			break;
	}
	return false;
}

static void check_task(const struct snapshot *snapshot, uint32_t number)
{
	const struct snapshot_task *task = &snapshot->tasks[number];

	if (task->set >= snapshot->set_count || snapshot_find_task(snapshot, task->pid) == SNAPSHOT_NONE)
		abort();
	if (number > 0 && task->tgid < task[-1].tgid)
		abort();
	for (enum ns_link link = 0; link < NS_LINK_COUNT; link++) {
		uint32_t ns = snapshot_task_ns(snapshot, number, link);

		if (ns != SNAPSHOT_NONE &&
		    (ns >= snapshot->ns_count || snapshot->namespaces[ns].type != ns_link_type(link)))
			abort();
	}
}

/* Each holder is in the list of its namespace, and in no other. */
static void check_holders(const struct snapshot *snapshot)
{
	size_t listed = 0;

	for (uint32_t ns = 0; ns < snapshot->ns_count; ns++) {
		uint32_t at = snapshot->namespaces[ns].first_holder;

		for (; at != SNAPSHOT_NONE; at = snapshot->holders[at].next, listed++) {
			if (snapshot->holders[at].ns != ns || listed == snapshot->holder_count)
				abort();
		}
	}
	if (listed != snapshot->holder_count)
		abort();
}

static void check_snapshot(struct snapshot *snapshot)
{
	size_t processes = 0;
	size_t leaders = 0;

	if (snapshot_count_tasks(snapshot) < 0 || snapshot_finish(snapshot) < 0)
		abort();
	for (uint32_t i = 0; i < snapshot->task_count; i++) {
		check_task(snapshot, i);
		leaders += snapshot_is_leader(&snapshot->tasks[i]);
	}
	for (size_t i = 0; i < snapshot->set_count; i++)
		processes += snapshot->sets[i].process_count;
	if (processes != leaders)
		abort();
	check_holders(snapshot);
}

static void take(uint8_t flags, uint8_t types, int fd)
{
	AUTO_SNAPSHOT struct snapshot snapshot = {0};
	const struct sink sink = snapshot_sink(&snapshot);
	const struct scan_request request = {
	    .types = types, .relations = flags & WITH_RELATIONS, .leaders_only = flags & LEADERS_ONLY};
	struct kernel_mounts mounts = {.request = &request, .walker = WALKER_CLOSED};
	int ret = flags & OF_FILES ? scan_file_records(&request, &mounts, fd, &sink)
				   : scan_task_records(&request, fd, &sink);

	if (ret != 0 && ret != -EPROTO)
		abort();
	check_snapshot(&snapshot);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd;

	if (size < 2 || (!(data[0] & OF_FILES) && has_changing_task(data + 2, size - 2)))
		return 0;
	fd = to_file(data + 2, size - 2);
	take(data[0], data[1], fd);
	close(fd);
	return 0;
}
