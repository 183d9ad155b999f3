/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tasks below /proc, read by as many helpers as there are processors. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/numbers.h"
#include "proc/procfs.h"
#include "scan/procfs_found.h"
#include "scan/sources.h"

#define PROCESSES_PER_HELPER 64
#define MAX_LOOKS 5
/* For what the helpers found; a process without threads and files takes 128 bytes. */
#define ROOM ((size_t)256 << 20)

struct pid_list {
	uint32_t *pids;
	size_t count;
	size_t capacity;
};

/* One run of helpers over some processes. */
struct reading {
	const struct pid_list *list;
	struct procfs_reader reader; /* each helper has a copy of its own */
};

static int read_some_processes(size_t item, struct bounded_reply *reply, void *context)
{
	struct reading *reading = context;
	int ret = procfs_read_process(&reading->reader, reading->list->pids[item]);

	return ret < 0 ? ret : procfs_store(&reading->reader, reply);
}

static int add_pid(struct pid_list *list, uint32_t pid)
{
	uint32_t *larger = array_reserve(list->pids, &list->capacity, list->count, sizeof(*larger));

	if (!larger)
		return -ENOMEM;
	list->pids = larger;
	larger[list->count++] = pid;
	return 0;
}

static int compare_pids(const void *left, const void *right)
{
	uint32_t a = *(const uint32_t *)left;
	uint32_t b = *(const uint32_t *)right;

	return a < b ? -1 : a > b;
}

/* The process whose table is shared was read before, by the same helper. */
static int emit_sharing_processes(const struct sink *sink, const struct pid_list *list,
				  const struct bounded *answers, const uint32_t *sharing)
{
	int ret = 0;
	size_t size;

	for (size_t i = 0; i < list->count && ret == 0; i++) {
		const struct found_process *found = bounded_data(answers, i, &size);

		if (sharing[i] > 0 && found)
			ret = procfs_emit_files(sink, found, sharing[i]);
	}
	return ret;
}

static void note_sharing(const struct pid_list *list, const struct found_process *found, uint32_t *sharing)
{
	uint32_t pid = (uint32_t)found->shares;
	const uint32_t *at = bsearch(&pid, list->pids, list->count, sizeof(pid), compare_pids);

	if (at)
		sharing[at - list->pids]++;
}

/* Receives the processes without an answer. */
struct leftover {
	struct pid_list *no_room;
	struct pid_list *blocked;
};

/* Emits what the helpers found. */
static int emit_answers(struct procfs_emitter *emitter, const struct pid_list *list,
			const struct bounded *answers, const struct leftover *leftover)
{
	AUTO_FREE uint32_t *sharing = calloc(list->count + 1, sizeof(*sharing));
	int ret = sharing ? 0 : -ENOMEM;

	for (size_t i = 0; i < list->count && ret == 0; i++) {
		size_t size;
		const struct found_process *found = bounded_data(answers, i, &size);

		ret = bounded_status(answers, i);
		if (ret == BOUNDED_NO_ANSWER)
			ret = add_pid(leftover->blocked, list->pids[i]);
		else if (ret == -ENOBUFS)
			ret = add_pid(leftover->no_room, list->pids[i]);
		else if (ret == 0)
			ret = procfs_emit_process(emitter, found);
		if (found && found->shares)
			note_sharing(list, found, sharing);
	}
	return ret < 0 ? ret : emit_sharing_processes(emitter->sink, list, answers, sharing);
}

static void choose_links(const struct scan_request *request, bool wanted[NS_LINK_COUNT])
{
	ns_type_set types = scan_types(request);

	for (enum ns_link link = 0; link < NS_LINK_COUNT; link++)
		wanted[link] = types & 1U << ns_link_type(link);
}

static int read_once(struct procfs_emitter *emitter, const struct pid_list *list, bool is_blocked,
		     const struct leftover *leftover)
{
	const struct scan_request *request = emitter->request;
	struct unanswered *unanswered = emitter->sink->known->unanswered;
	AUTO_BOUNDED struct bounded answers = {0};
	AUTO_CLOSE int proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct reading reading = {
	    .list = list, .reader = {.request = request, .proc_fd = proc_fd, .is_blocked = is_blocked}};
	const struct bounded_job job = {
	    .count = list->count,
	    .limit = ROOM,
	    .room = ROOM,
	    .items_per_helper = PROCESSES_PER_HELPER,
	    .work = read_some_processes,
	    .context = &reading,
	    .keep = &proc_fd,
	    .keep_count = 1,
	};
	long ret = proc_fd < 0 ? -errno : files_start(&reading.reader.files, request->types);

	choose_links(request, reading.reader.wanted);
	if (ret == 0)
		ret = bounded_run(&job, unanswered_patience(unanswered), &answers);
	return ret < 0 ? (int)ret : emit_answers(emitter, list, &answers, leftover);
}

/* Empties the list.  blocked: receives the processes without an answer. */
static int read_processes(struct procfs_emitter *emitter, struct pid_list *list, bool is_blocked,
			  struct pid_list *blocked)
{
	int ret = 0;

	while (list->count > 0 && ret == 0) {
		struct pid_list no_room = {0};
		struct leftover leftover = {.no_room = &no_room, .blocked = blocked};

		ret = read_once(emitter, list, is_blocked, &leftover);
		/* Without room for a single one there is no progress. */
		if (ret == 0 && no_room.count == list->count)
			ret = -ENOMEM;
		free(list->pids);
		*list = no_room;
	}
	free(list->pids);
	*list = (struct pid_list){0};
	return ret;
}

static int list_processes(struct pid_list *list)
{
	AUTO_NUMBERS struct numbers numbers;
	uint32_t pid;
	int ret = numbers_open(&numbers, AT_FDCWD, "/proc");

	while (ret == 0 && (ret = numbers_next(&numbers, &pid)) == 1)
		ret = add_pid(list, pid);
	return ret;
}

/* Reads only the namespaces of processes that block other reads, on kernels where pidfds have them. */
static int read_blocked(struct procfs_emitter *emitter, struct pid_list *list)
{
	struct unanswered *unanswered = emitter->sink->known->unanswered;
	struct pid_list silent = {0};
	size_t count = list->count;
	int ret = read_processes(emitter, list, true, &silent);

	if (emitter->request->files)
		unanswered_add(unanswered, UNANSWERED_FILES, count - silent.count);
	unanswered_add(unanswered, UNANSWERED_PROCESS, silent.count);
	free(silent.pids);
	return ret;
}

/* Drops processes that were listed before, and remembers the others. */
static int drop_seen(struct pid_list *list, struct map *seen)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++) {
		int ret = map_add(seen, list->pids[i], 0);

		if (ret < 0)
			return ret;
		if (ret == 1)
			list->pids[kept++] = list->pids[i];
	}
	list->count = kept;
	return 0;
}

/*
 * A process that forks and exits all the time has always ended when its number
 * is read, and its child is not listed yet.  So /proc is listed again for new
 * processes, until none of them ended before it was read.
 */
static int look(struct procfs_emitter *emitter, struct map *seen, struct pid_list *blocked)
{
	pid_t process = emitter->request->process;
	struct pid_list list = {0};
	int ret = process != 0 ? add_pid(&list, (uint32_t)process) : list_processes(&list);

	if (ret == 0)
		ret = drop_seen(&list, seen);
	emitter->vanished = 0;
	if (ret == 0)
		ret = read_processes(emitter, &list, false, blocked);
	free(list.pids);
	return ret;
}

int scan_tasks_procfs(const struct scan_request *request, const struct sink *sink)
{
	AUTO_MAP struct map seen = {0};
	struct procfs_emitter emitter = {.request = request, .sink = sink};
	struct pid_list blocked = {0};
	int looks = request->process != 0 ? 1 : MAX_LOOKS;
	int ret = look(&emitter, &seen, &blocked);

	while (ret == 0 && emitter.vanished > 0 && --looks > 0)
		ret = look(&emitter, &seen, &blocked);
	if (ret == 0)
		ret = read_blocked(&emitter, &blocked);
	free(blocked.pids);
	sink->add_note(sink->context, NOTE_PROCESSES, emitter.process_count);
	sink->add_note(sink->context, NOTE_VANISHED, emitter.vanished);
	sink->add_note(sink->context, NOTE_HIDDEN, procfs_has_hidden());
	/* A procfs has at least the caller: without processes this is none. */
	if (ret == 0 && request->process == 0 && emitter.process_count == 0)
		return -ENOENT;
	return ret;
}
