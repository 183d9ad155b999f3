/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tasks, from a BPF iterator: each set comes with all that is known about its namespaces. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/bounded.h"
#include "base/cleanup.h"
#include "bpf/iterator.h"
#include "bpf/record.h"
#include "ns/ns.h"
#include "ns/uapi.h"
#include "proc/process.h"
#include "proc/status.h"
#include "scan/record_ns.h"
#include "scan/records.h"
#include "scan/sources.h"

/* A helper takes as long to start as the links of some tasks to read. */
#define TASKS_PER_HELPER 64

_Static_assert((int)RECORD_CGROUP == NS_LINK_CGROUP && (int)RECORD_IPC == NS_LINK_IPC &&
		   (int)RECORD_MNT == NS_LINK_MNT && (int)RECORD_NET == NS_LINK_NET &&
		   (int)RECORD_PID == NS_LINK_PID &&
		   (int)RECORD_PID_FOR_CHILDREN == NS_LINK_PID_FOR_CHILDREN &&
		   (int)RECORD_TIME == NS_LINK_TIME &&
		   (int)RECORD_TIME_FOR_CHILDREN == NS_LINK_TIME_FOR_CHILDREN &&
		   (int)RECORD_USER == NS_LINK_USER && (int)RECORD_UTS == NS_LINK_UTS &&
		   (int)RECORD_LINKS == NS_LINK_COUNT,
	       "the records have the links in their order");

struct reading {
	struct record_context context;
	bool is_own_clock; /* the caller's CLOCK_BOOTTIME is that of the records */
	/* From the number that the program gave a set, minus 1, to the number that the sink gave it. */
	uint32_t *sets;
	size_t set_count;
	size_t set_capacity;
	size_t process_count;
	/* Tasks that changed their nsproxy at each try: /proc reads each link under the task's lock. */
	struct snapshot_task *changing;
	size_t changing_count;
	size_t changing_capacity;
};

static int emit_namespaces(const struct reading *reading, const struct record_set *record)
{
	const struct sink *sink = reading->context.sink;
	ns_type_set types = scan_types(reading->context.request);
	int ret = 0;

	for (enum ns_link link = 0; link < NS_LINK_COUNT && ret == 0; link++) {
		const struct sink_ns ns =
		    record_to_ns(&reading->context, ns_link_type(link), &record->ns[link]);

		if (ns.ino != 0 && types & 1U << ns.type)
			ret = sink->add_ns(sink->context, &ns);
	}
	return ret;
}

/* Sets that differ only in types that were not asked for are one. */
static int emit_set_record(struct reading *reading, const struct record_set *record)
{
	const struct sink *sink = reading->context.sink;
	ns_type_set types = scan_types(reading->context.request);
	bool is_whole = (types & NS_TYPE_SET_ALL) == NS_TYPE_SET_ALL;
	struct sink_set set = {.nsproxy = is_whole ? record->nsproxy : 0,
			       .refs = is_whole ? record->refs : 0};
	uint32_t *larger =
	    array_reserve(reading->sets, &reading->set_capacity, reading->set_count, sizeof(*larger));
	int ret;

	if (!larger)
		return -ENOMEM;
	reading->sets = larger;
	for (enum ns_link link = 0; link < NS_LINK_COUNT; link++)
		set.inodes[link] = types & 1U << ns_link_type(link) ? record->ns[link].inum : 0;
	ret = sink->add_set(sink->context, &set, &larger[reading->set_count]);
	if (ret < 0)
		return ret;
	reading->set_count++;
	return emit_namespaces(reading, record);
}

static int keep_changing(struct reading *reading, const struct snapshot_task *task)
{
	struct snapshot_task *larger = array_reserve(reading->changing, &reading->changing_capacity,
						     reading->changing_count, sizeof(*larger));

	if (!larger)
		return -ENOMEM;
	reading->changing = larger;
	larger[reading->changing_count++] = *task;
	return 0;
}

/* In a helper: the task can block this. */
static int read_record_links(size_t item, struct bounded_reply *reply, void *context)
{
	const struct reading *reading = context;
	const struct snapshot_task *task = &reading->changing[item];
	AUTO_CLOSE int ns_fd = -1;
	struct process_links links;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/task/%d/ns", task->tgid, task->pid);
	ns_fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (ns_fd < 0)
		return -ESRCH;
	process_read_links_at(ns_fd, NS_LINK_SET_ALL, &links);
	return bounded_store(reply, &links, sizeof(links)) ? 0 : -ENOMEM;
}

static int add_changing(const struct reading *reading, struct snapshot_task *task,
			const struct process_links *links)
{
	const struct sink *sink = reading->context.sink;
	ns_type_set types = scan_types(reading->context.request);
	struct sink_set set = {.nsproxy = 0};
	int ret;

	for (enum ns_link link = 0; link < NS_LINK_COUNT; link++)
		set.inodes[link] = types & 1U << ns_link_type(link) ? links->ino[link] : 0;
	ret = sink->add_set(sink->context, &set, &task->set);
	return ret < 0 ? ret : sink->add_task(sink->context, task);
}

/* Tasks that ended meanwhile are left out. */
static int read_all_changing(struct reading *reading)
{
	AUTO_BOUNDED struct bounded answers = {0};
	const struct bounded_job job = {
	    .count = reading->changing_count,
	    .limit = sizeof(struct process_links),
	    .items_per_helper = TASKS_PER_HELPER,
	    .work = read_record_links,
	    .context = reading,
	};
	int ret = 0;

	unanswered_run(reading->context.sink->known->unanswered, UNANSWERED_PROCESS, &job, &answers);
	for (size_t i = 0; i < reading->changing_count && ret == 0; i++) {
		size_t size;
		const struct process_links *links = bounded_data(&answers, i, &size);

		if (links)
			ret = add_changing(reading, &reading->changing[i], links);
	}
	free(reading->changing);
	return ret;
}

static int emit_task_record(struct reading *reading, const struct record_task *record)
{
	const struct sink *sink = reading->context.sink;
	struct snapshot_task task = {
	    .pid = (pid_t)record->pid,
	    .tgid = (pid_t)record->tgid,
	    .ppid = (pid_t)record->ppid,
	    .start_nsec = reading->is_own_clock ? record->start_nsec : 0,
	    .is_kernel_thread = record->flags & PROCESS_KERNEL_THREAD,
	    .is_exiting = record->flags & PROCESS_EXITING,
	};

	/* Reaped meanwhile: it has no PID any more. */
	if (task.pid == 0 || task.tgid == 0)
		return 0;
	reading->process_count += snapshot_is_leader(&task);
	if (reading->context.request->leaders_only && !snapshot_is_leader(&task))
		return 0;
	if (record->set == RECORD_SET_CHANGES)
		return keep_changing(reading, &task);
	if (record->set == 0 || record->set > reading->set_count)
		return -EPROTO;
	task.set = reading->sets[record->set - 1];
	return sink->add_task(sink->context, &task);
}

static long take_task_record(uint32_t kind, const void *record, size_t available, void *context)
{
	int ret;

	if (kind == RECORD_SET && available >= sizeof(struct record_set)) {
		ret = emit_set_record(context, record);
		return ret < 0 ? ret : (long)sizeof(struct record_set);
	}
	if (kind == RECORD_TASK && available >= sizeof(struct record_task)) {
		ret = emit_task_record(context, record);
		return ret < 0 ? ret : (long)sizeof(struct record_task);
	}
	return -EPROTO;
}

int scan_task_records(const struct scan_request *request, int records_fd, const struct sink *sink)
{
	struct reading reading = {.context = {.request = request, .sink = sink}};
	struct stat st;
	int ret = record_context_start(&reading.context);

	if (ret < 0)
		return ret;
	/* Without time namespaces (Linux 5.6) there is one clock. */
	reading.is_own_clock = stat("/proc/self/ns/time", &st) < 0 || st.st_ino == NSCTL_INIT_TIME_INO;
	ret = records_read(records_fd, take_task_record, &reading);
	if (ret == 0)
		ret = read_all_changing(&reading);
	else
		free(reading.changing);
	free(reading.sets);
	sink->add_note(sink->context, NOTE_PROCESSES, reading.process_count);
	return ret;
}

int scan_tasks_bpf(const struct scan_request *request, const struct kernel_types *types,
		   const struct sink *sink)
{
	AUTO_CLOSE int iterator_fd = iterator_open(types, PROGRAM_TASKS, NULL);

	return iterator_fd < 0 ? iterator_fd : scan_task_records(request, iterator_fd, sink);
}
