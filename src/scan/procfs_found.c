/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scan/procfs_found.h"

#include <errno.h>
#include <string.h>

_Static_assert(sizeof(struct found_process) % _Alignof(struct found_task) == 0, "tasks follow it in memory");

int procfs_store(const struct procfs_reader *reader, struct bounded_reply *reply)
{
	const struct found_process found = {
	    .task_count = (uint32_t)reader->task_count,
	    .file_count = (uint32_t)reader->files.found_count,
	    .shares = reader->files.shares,
	    .is_there = reader->is_there,
	    .is_denied = reader->is_denied,
	};
	size_t tasks = found.task_count * sizeof(struct found_task);
	size_t files = found.file_count * sizeof(struct held_file);
	char *place = bounded_reserve(reply, sizeof(found) + tasks + files);

	if (!place)
		return -ENOBUFS;
	memcpy(place, &found, sizeof(found));
	if (tasks > 0)
		memcpy(place + sizeof(found), reader->tasks, tasks);
	if (files > 0)
		memcpy(place + sizeof(found) + tasks, reader->files.found, files);
	return 0;
}

/* A zombie has no link of its nsproxy at all; the pid namespace itself is not one of these. */
static bool lacks_only_children(const ino_t inodes[NS_LINK_COUNT])
{
	return inodes[NS_LINK_PID] != 0 && inodes[NS_LINK_PID_FOR_CHILDREN] == 0 && inodes[NS_LINK_MNT] != 0;
}

/* Tasks with PIDs near each other are mostly in one set. */
static int emit_task(struct procfs_emitter *emitter, const struct found_task *found)
{
	const struct sink *sink = emitter->sink;
	struct snapshot_task task = {.pid = found->pid, .tgid = found->tgid, .ppid = -1};
	struct sink_set set = {.awaiting_pid = lacks_only_children(found->inodes) ? found->pid : 0};

	memcpy(set.inodes, found->inodes, sizeof(set.inodes));
	if (!emitter->has_set || memcmp(&emitter->set, &set, sizeof(set)) != 0) {
		int ret = sink->add_set(sink->context, &set, &emitter->set_number);

		if (ret < 0)
			return ret;
		emitter->set = set;
		emitter->has_set = true;
	}
	task.set = emitter->set_number;
	return sink->add_task(sink->context, &task);
}

static int emit_file(const struct sink *sink, const struct held_file *file, uint32_t sharing)
{
	const struct sink_holder holder = {.kind = file->is_socket ? HOLDER_SOCKET : HOLDER_FILE,
					   .type = file->type,
					   .ino = file->ino,
					   .pid = file->pid,
					   .tid = file->tid,
					   .fd = file->fd};
	uint64_t more = sharing > 0 ? (uint64_t)sharing * (1 + file->more) : file->more;
	int ret = 0;

	if (sharing == 0)
		ret = sink->add_holder(sink->context, &holder);
	if (ret == 0 && more > 0)
		ret = sink->add_more(sink->context, holder.kind, holder.type, holder.ino, more);
	return ret;
}

static const struct held_file *files_of(const struct found_process *found)
{
	const struct found_task *tasks = (const struct found_task *)(found + 1);

	return (const struct held_file *)(tasks + found->task_count);
}

int procfs_emit_files(const struct sink *sink, const struct found_process *found, uint32_t sharing)
{
	int ret = 0;

	for (uint32_t i = 0; i < found->file_count && ret == 0; i++)
		ret = emit_file(sink, &files_of(found)[i], sharing);
	return ret;
}

int procfs_emit_process(struct procfs_emitter *emitter, const struct found_process *found)
{
	const struct found_task *tasks = (const struct found_task *)(found + 1);
	int ret = 0;

	for (uint32_t i = 0; i < found->task_count && ret == 0; i++)
		ret = emit_task(emitter, &tasks[i]);
	emitter->process_count += found->is_there;
	emitter->vanished += !found->is_there;
	emitter->sink->add_note(emitter->sink->context, NOTE_UNREADABLE, found->is_denied);
	return ret < 0 ? ret : procfs_emit_files(emitter->sink, found, 0);
}
