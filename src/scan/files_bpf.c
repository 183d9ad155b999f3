/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Open files that hold namespaces, from a BPF iterator. */
#include <errno.h>
#include <fcntl.h>

#include "base/cleanup.h"
#include "base/map.h"
#include "bpf/iterator.h"
#include "bpf/record.h"
#include "bpf/walk.h"
#include "ns/type.h"
#include "scan/records.h"
#include "scan/sources.h"

struct reading {
	const struct scan_request *request;
	const struct sink *sink;
	struct kernel_mounts *mounts;
	struct map sharing; /* from a process to the number of other processes that share its table */
};

static int add_descriptor(const struct reading *reading, const struct record_file *record,
			  enum holder_kind kind)
{
	struct sink_holder holder = {
	    .kind = kind,
	    .ino = record->inum,
	    .pid = (pid_t)record->tgid,
	    .tid = record->is_own_table ? (pid_t)record->pid : 0,
	    .fd = (int)record->fd,
	};

	/* A fixed file may have been closed while it was read. */
	if (!ns_type_from_clone_flag((int)record->clone_flag, &holder.type) ||
	    !(reading->request->types & 1U << holder.type))
		return 0;
	return reading->sink->add_holder(reading->sink->context, &holder);
}

static int emit_file_record(struct reading *reading, const struct record_file *record)
{
	static const enum holder_kind kinds[] = {
	    [RECORD_NSFS] = HOLDER_FILE,
	    [RECORD_SOCKET] = HOLDER_SOCKET,
	    [RECORD_PROC_NET] = HOLDER_PROC_NET,
	    [RECORD_RING] = HOLDER_RING,
	};

	if (record->how == RECORD_DETACHED)
		return kernel_mounts_add_detached(reading->mounts, record, reading->sink);
	if (record->how >= sizeof(kinds) / sizeof(kinds[0]))
		return -EPROTO;
	return add_descriptor(reading, record, kinds[record->how]);
}

static long take_file_record(uint32_t kind, const void *data, size_t available, void *context)
{
	struct reading *reading = context;
	int ret;

	if (kind == RECORD_SHARED_TABLE && available >= sizeof(struct record_shared_table)) {
		const struct record_shared_table *record = data;

		ret = map_increment(&reading->sharing, record->owner);
		return ret < 0 ? ret : (long)sizeof(*record);
	}
	if (kind != RECORD_FILE || available < sizeof(struct record_file))
		return -EPROTO;
	ret = emit_file_record(reading, data);
	return ret < 0 ? ret : (long)sizeof(struct record_file);
}

/* Each process that shares a table holds all that is in it. */
static int emit_sharing_tasks(const struct reading *reading)
{
	const struct sink *sink = reading->sink;
	int ret = 0;

	for (size_t i = 0; i < sink->known->holder_count && ret == 0; i++) {
		const struct snapshot_holder *holder = &sink->known->holders[i];
		const struct snapshot_ns *ns = &sink->known->namespaces[holder->ns];
		uint32_t count = MAP_NONE;

		if (holder->kind != HOLDER_MOUNT && holder->tid == 0)
			count = map_find(&reading->sharing, (uint64_t)holder->pid);
		if (count != MAP_NONE)
			ret = sink->add_more(sink->context, holder->kind, ns->type, ns->ino, count);
	}
	return ret;
}

static int64_t page_distance(const struct kernel_types *types, enum kernel_field from, enum kernel_field to)
{
	if (types->offsets[from] == FIELD_MISSING || types->offsets[to] == FIELD_MISSING)
		return WALK_MISSING;
	return (int64_t)types->offsets[to] - (int64_t)types->offsets[from];
}

int scan_file_records(const struct scan_request *request, struct kernel_mounts *mounts, int records_fd,
		      const struct sink *sink)
{
	struct reading reading = {.request = request, .sink = sink, .mounts = mounts};
	int ret = records_read(records_fd, take_file_record, &reading);

	if (ret == 0)
		ret = emit_sharing_tasks(&reading);
	map_free(&reading.sharing);
	return ret;
}

int scan_files_bpf(const struct scan_request *request, const struct kernel_types *types,
		   struct kernel_mounts *mounts, const struct sink *sink)
{
	/* Every file of /proc/net has the operations of one of these two: seq_file, or a single function. */
	AUTO_CLOSE int lines_fd = open("/proc/self/net/unix", O_RDONLY | O_CLOEXEC);
	AUTO_CLOSE int single_fd = open("/proc/self/net/sockstat", O_RDONLY | O_CLOEXEC);
	const struct files_state state = {
	    .proc_fds = {(uint32_t)lines_fd, (uint32_t)single_fd},
	    .wants_detached = mounts->has_detached,
	    .entry = page_distance(types, KERNEL_PROC_INODE_INODE, KERNEL_PROC_INODE_ENTRY),
	    .mnt_ns = page_distance(types, KERNEL_MOUNT_MNT, KERNEL_MOUNT_NS),
	};
	AUTO_CLOSE int iterator_fd = iterator_open(types, PROGRAM_FILES, &state);

	return iterator_fd < 0 ? iterator_fd : scan_file_records(request, mounts, iterator_fd, sink);
}
