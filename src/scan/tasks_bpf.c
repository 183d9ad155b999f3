/* The tasks, from a BPF iterator: each set of namespaces comes with all that is to be known of it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "bpf/iterator.h"
#include "bpf/record.h"
#include "ns/ns.h"
#include "ns/uapi.h"
#include "proc/status.h"
#include "scan/records.h"
#include "scan/sources.h"

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
	const struct scan_request *request;
	struct snapshot *snapshot;
	ino_t own_pid_ns;
	bool is_own_clock; /* the caller's CLOCK_BOOTTIME is that of the records */
	/* From the number of a set, less 1, to its index in the snapshot. */
	uint32_t *sets;
	size_t set_count;
	size_t set_capacity;
	size_t process_count;
};

/* The owner of a namespace that is seen from the machine's first user namespace is seen, too. */
static int relate_owner(struct reading *reading, uint32_t index, const struct record_ns *record)
{
	struct snapshot_relation owner = {.state = RELATION_NONE, .ns = SNAPSHOT_NONE};

	if (record->owner != 0) {
		owner.state = RELATION_KNOWN;
		if (snapshot_add_ns(reading->snapshot, NS_USER, record->owner, &owner.ns) < 0)
			return -ENOMEM;
	}
	reading->snapshot->namespaces[index].owner = owner;
	return 0;
}

/* As ioctl_ns(2) would have it: what lies above the caller's own pid namespace is not told. */
static int relate_parent(struct reading *reading, uint32_t index, const struct record_ns *record)
{
	struct snapshot_relation parent = {.state = RELATION_NONE, .ns = SNAPSHOT_NONE};
	enum ns_type type = reading->snapshot->namespaces[index].type;
	uint32_t ino = type == NS_USER ? record->owner : record->parent;

	if (ino != 0 && type == NS_PID && record->inum == reading->own_pid_ns) {
		parent.state = RELATION_OUTSIDE;
	} else if (ino != 0 && (type == NS_PID || type == NS_USER)) {
		parent.state = RELATION_KNOWN;
		if (snapshot_add_ns(reading->snapshot, type, ino, &parent.ns) < 0)
			return -ENOMEM;
	}
	reading->snapshot->namespaces[index].parent = parent;
	return 0;
}

static int describe_ns(struct reading *reading, uint32_t index, const struct record_ns *record)
{
	struct snapshot_ns *ns = &reading->snapshot->namespaces[index];
	int ret;

	if (ns->parent.state != RELATION_UNKNOWN)
		return 0;
	ns->id = record->id;
	if (!reading->request->relations)
		return 0;
	ns->creator = record->creator;
	ns->has_creator = true;
	ret = relate_owner(reading, index, record);
	return ret < 0 ? ret : relate_parent(reading, index, record);
}

static int describe_namespaces(struct reading *reading, const struct record_set *record)
{
	for (enum ns_link link = 0; link < NS_LINK_COUNT; link++) {
		const struct record_ns *ns = &record->ns[link];
		uint32_t index = snapshot_find_ns(reading->snapshot, ns_link_type(link), ns->inum);

		if (index == SNAPSHOT_NONE)
			continue;
		if (describe_ns(reading, index, ns) < 0)
			return -ENOMEM;
	}
	return 0;
}

/* Where not all types were asked for, sets that differ in the others only are one. */
static int add_set(struct reading *reading, const struct record_set *record)
{
	ns_type_set types = scan_types(reading->request);
	bool is_whole = (types & NS_TYPE_SET_ALL) == NS_TYPE_SET_ALL;
	struct set_description set = {0};
	uint32_t *larger =
	    array_reserve(reading->sets, &reading->set_capacity, reading->set_count, sizeof(*larger));

	if (!larger)
		return -ENOMEM;
	reading->sets = larger;
	for (enum ns_link link = 0; link < NS_LINK_COUNT; link++) {
		if (types & 1U << ns_link_type(link))
			set.inodes[link] = record->ns[link].inum;
	}
	if (is_whole) {
		set.nsproxy = record->nsproxy;
		set.refs = record->refs;
	}
	if (snapshot_add_set(reading->snapshot, &set, &larger[reading->set_count]) < 0)
		return -ENOMEM;
	reading->set_count++;
	return describe_namespaces(reading, record);
}

static int add_task(struct reading *reading, const struct record_task *record)
{
	struct snapshot_task task = {
	    .pid = (pid_t)record->pid,
	    .tgid = (pid_t)record->tgid,
	    .ppid = (pid_t)record->ppid,
	    .start_nsec = reading->is_own_clock ? record->start_nsec : 0,
	    .is_kernel_thread = record->flags & PROCESS_KERNEL_THREAD,
	};

	if (record->set == 0 || record->set > reading->set_count)
		return -EPROTO;
	/* Reaped just now: it has no number any more. */
	if (task.pid == 0 || task.tgid == 0)
		return 0;
	reading->process_count += snapshot_is_leader(&task);
	if (reading->request->leaders_only && !snapshot_is_leader(&task))
		return 0;
	task.set = reading->sets[record->set - 1];
	return snapshot_append_task(reading->snapshot, &task);
}

static long take(uint32_t kind, const void *record, size_t available, void *context)
{
	int ret;

	if (kind == RECORD_SET && available >= sizeof(struct record_set)) {
		ret = add_set(context, record);
		return ret < 0 ? ret : (long)sizeof(struct record_set);
	}
	if (kind == RECORD_TASK && available >= sizeof(struct record_task)) {
		ret = add_task(context, record);
		return ret < 0 ? ret : (long)sizeof(struct record_task);
	}
	return -EPROTO;
}

int scan_tasks_bpf(const struct scan_request *request, const struct kernel_types *types,
		   struct snapshot *snapshot)
{
	struct reading reading = {.request = request, .snapshot = snapshot};
	AUTO_CLOSE int iterator_fd = iterator_open(types, ITERATOR_TASKS);
	struct stat st;
	int ret;

	if (iterator_fd < 0)
		return iterator_fd;
	if (stat("/proc/self/ns/pid", &st) < 0)
		return -errno;
	reading.own_pid_ns = st.st_ino;
	/* Linux 5.6; without time namespaces there is one clock. */
	reading.is_own_clock = stat("/proc/self/ns/time", &st) < 0 || st.st_ino == NSCTL_INIT_TIME_INO;
	ret = records_read(iterator_fd, take, &reading);
	free(reading.sets);
	snapshot->processes += reading.process_count;
	return ret;
}
