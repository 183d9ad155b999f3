/* The tasks below /proc, read by as many helpers as there are processors. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/numbers.h"
#include "proc/procfs.h"
#include "scan/procfs_task.h"
#include "scan/sources.h"

#define PROCESSES_PER_HELPER 64
#define MAX_LOOKS 5
/* For what the helpers found; a process without threads and files takes 128 bytes. */
#define ROOM ((size_t)256 << 20)

/* What a helper stores for one process: tasks, and files behind them. */
struct found_process {
	uint32_t task_count;
	uint32_t file_count;
	pid_t shares; /* see struct files */
	bool is_there;
	bool is_denied;
};

_Static_assert(sizeof(struct found_process) % _Alignof(struct found_task) == 0, "tasks follow it in memory");

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

static int store(struct bounded_reply *reply, const struct procfs_reader *reader)
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

static int read_in_helper(size_t item, struct bounded_reply *reply, void *context)
{
	struct reading *reading = context;
	int ret = procfs_read_process(&reading->reader, reading->list->pids[item]);

	return ret < 0 ? ret : store(reply, &reading->reader);
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

static int add_file(struct snapshot *snapshot, const struct held_file *file, uint32_t sharing)
{
	const struct snapshot_holder holder = {.kind = file->is_socket ? HOLDER_SOCKET : HOLDER_FILE,
					       .pid = file->pid,
					       .tid = file->tid,
					       .fd = file->fd};
	int ret = 0;

	if (sharing == 0)
		ret = snapshot_add_descriptor(snapshot, file->type, file->ino, &holder);
	if (ret == 0 && (sharing > 0 || file->more > 0))
		snapshot_add_more(snapshot, snapshot_find_ns(snapshot, file->type, file->ino), holder.kind,
				  sharing > 0 ? (uint64_t)sharing * (1 + file->more) : file->more);
	return ret;
}

static const struct held_file *files_of(const struct found_process *found)
{
	const struct found_task *tasks = (const struct found_task *)(found + 1);

	return (const struct held_file *)(tasks + found->task_count);
}

/* sharing: how many more processes have these files too, which are counted; 0: adds the files themselves. */
static int add_files(struct snapshot *snapshot, const struct found_process *found, uint32_t sharing)
{
	int ret = 0;

	for (uint32_t i = 0; i < found->file_count && ret == 0; i++)
		ret = add_file(snapshot, &files_of(found)[i], sharing);
	return ret;
}

static int add_process(struct snapshot *snapshot, const struct found_process *found)
{
	const struct found_task *tasks = (const struct found_task *)(found + 1);
	int ret = 0;

	for (uint32_t i = 0; i < found->task_count && ret == 0; i++)
		ret = snapshot_add_task(snapshot, tasks[i].pid, tasks[i].tgid, tasks[i].inodes);
	if (ret == 0)
		ret = add_files(snapshot, found, 0);
	snapshot->processes += found->is_there;
	snapshot->vanished += !found->is_there;
	snapshot->unreadable += found->is_denied;
	return ret;
}

static int compare_pids(const void *left, const void *right)
{
	uint32_t a = *(const uint32_t *)left;
	uint32_t b = *(const uint32_t *)right;

	return a < b ? -1 : a > b;
}

/* The answer for the process whose table is shared was read before, by the same helper. */
static int add_sharing(struct snapshot *snapshot, const struct pid_list *list, const struct bounded *answers,
		       const uint32_t *sharing)
{
	int ret = 0;
	size_t size;

	for (size_t i = 0; i < list->count && ret == 0; i++) {
		const struct found_process *found = bounded_data(answers, i, &size);

		if (sharing[i] > 0 && found)
			ret = add_files(snapshot, found, sharing[i]);
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

/* Where the processes go of which there is no answer yet. */
struct leftover {
	struct pid_list *no_room;
	struct pid_list *blocked;
};

/* Adds what the helpers found. */
static int merge(struct snapshot *snapshot, const struct pid_list *list, const struct bounded *answers,
		 const struct leftover *leftover)
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
			ret = add_process(snapshot, found);
		if (found && found->shares)
			note_sharing(list, found, sharing);
	}
	return ret < 0 ? ret : add_sharing(snapshot, list, answers, sharing);
}

static void choose_links(const struct scan_request *request, bool wanted[NS_LINK_COUNT])
{
	ns_type_set types = scan_types(request);

	for (enum ns_link link = 0; link < NS_LINK_COUNT; link++)
		wanted[link] = types & 1U << ns_link_type(link);
}

static int read_once(const struct scan_request *request, const struct pid_list *list, bool is_blocked,
		     struct snapshot *snapshot, const struct leftover *leftover)
{
	AUTO_BOUNDED struct bounded answers = {0};
	AUTO_CLOSE int proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct reading reading = {
	    .list = list, .reader = {.request = request, .proc_fd = proc_fd, .is_blocked = is_blocked}};
	const struct bounded_job job = {
	    .count = list->count,
	    .limit = ROOM,
	    .room = ROOM,
	    .items_per_helper = PROCESSES_PER_HELPER,
	    .work = read_in_helper,
	    .context = &reading,
	    .keep = &proc_fd,
	    .keep_count = 1,
	};
	long ret = proc_fd < 0 ? -errno : files_start(&reading.reader.files, request->types);

	choose_links(request, reading.reader.wanted);
	if (ret == 0)
		ret = bounded_run(&job, unanswered_patience(snapshot->unanswered), &answers);
	return ret < 0 ? (int)ret : merge(snapshot, list, &answers, leftover);
}

/* Takes the list over.  blocked: receives the processes without an answer. */
static int read_processes(const struct scan_request *request, struct pid_list *list, bool is_blocked,
			  struct snapshot *snapshot, struct pid_list *blocked)
{
	int ret = 0;

	while (list->count > 0 && ret == 0) {
		struct pid_list no_room = {0};
		struct leftover leftover = {.no_room = &no_room, .blocked = blocked};

		ret = read_once(request, list, is_blocked, snapshot, &leftover);
		/* There must be room for one at least. */
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

/* What a process lets nobody read of it leaves at least its namespaces, on kernels that have another way. */
static int read_blocked(const struct scan_request *request, struct pid_list *list, struct snapshot *snapshot)
{
	struct pid_list silent = {0};
	size_t count = list->count;
	int ret = read_processes(request, list, true, snapshot, &silent);

	if (request->files)
		unanswered_add(snapshot->unanswered, UNANSWERED_FILES, count - silent.count);
	unanswered_add(snapshot->unanswered, UNANSWERED_PROCESS, silent.count);
	free(silent.pids);
	return ret;
}

/* Drops what was listed before, and remembers the rest. */
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
 * A process that forks and exits all the time is never there when its number is
 * read, nor listed when it is.  Looks again for what is new, until a look finds
 * nothing that has gone by the time it is read.  snapshot->vanished: what the
 * last look missed.
 */
static int look(const struct scan_request *request, struct map *seen, struct snapshot *snapshot,
		struct pid_list *blocked)
{
	struct pid_list list = {0};
	int ret = request->process != 0 ? add_pid(&list, (uint32_t)request->process) : list_processes(&list);

	if (ret == 0)
		ret = drop_seen(&list, seen);
	snapshot->vanished = 0;
	if (ret == 0)
		ret = read_processes(request, &list, false, snapshot, blocked);
	free(list.pids);
	return ret;
}

int scan_tasks_procfs(const struct scan_request *request, struct snapshot *snapshot)
{
	AUTO_MAP struct map seen = {0};
	struct pid_list blocked = {0};
	int looks = request->process != 0 ? 1 : MAX_LOOKS;
	int ret = look(request, &seen, snapshot, &blocked);

	while (ret == 0 && snapshot->vanished > 0 && --looks > 0)
		ret = look(request, &seen, snapshot, &blocked);
	if (ret == 0)
		ret = read_blocked(request, &blocked, snapshot);
	free(blocked.pids);
	snapshot->has_hidden = procfs_has_hidden();
	/* The caller at the least is there: where nobody is, it is no procfs. */
	if (ret == 0 && request->process == 0 && snapshot->processes == 0)
		return -ENOENT;
	return ret;
}
