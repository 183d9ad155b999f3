/* The tasks below /proc, read by as many threads as there are processors. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/numbers.h"
#include "proc/process.h"
#include "scan/files.h"
#include "scan/sources.h"

#define BATCH 32
#define MAX_WORKERS 64
/* Below this, starting a thread costs more than it saves. */
#define PROCESSES_PER_WORKER 64

struct found_task {
	pid_t pid;
	pid_t tgid;
	ino_t inodes[NS_LINK_COUNT];
};

/* What the workers share; all but the constants is read and written under lock. */
struct work {
	const struct scan_request *request;
	bool wanted[NS_LINK_COUNT];
	int proc_fd;
	uint32_t *pids;
	size_t pid_count;

	pthread_mutex_t lock;
	size_t next;
	struct snapshot *snapshot;
	int result;
};

/* One worker's; emptied into the snapshot after each batch. */
struct worker {
	struct work *work;
	struct file_scan files;
	struct found_task *tasks;
	size_t task_count;
	size_t task_capacity;
	size_t processes;
	size_t unreadable;
};

static int add_task(struct worker *worker, const struct found_task *task)
{
	struct found_task *larger =
	    array_reserve(worker->tasks, &worker->task_capacity, worker->task_count, sizeof(*larger));

	if (!larger)
		return -ENOMEM;
	worker->tasks = larger;
	larger[worker->task_count++] = *task;
	return 0;
}

/*
 * Reads the wanted links of a task that are not known yet: 0 in its inodes.
 * Returns how many it has then; -EACCES where this user may not read them.
 */
static int read_links(const bool wanted[NS_LINK_COUNT], int task_fd, struct found_task *task)
{
	AUTO_CLOSE int ns_fd = openat(task_fd, "ns", O_PATH | O_CLOEXEC);
	int count = 0;

	if (ns_fd < 0)
		return 0;
	for (enum ns_link link = 0; link < NS_LINK_COUNT; link++) {
		int ret = 0;

		if (wanted[link] && task->inodes[link] == 0)
			ret = process_read_link_at(ns_fd, link, &task->inodes[link]);
		if (ret == -EACCES || ret == -EPERM)
			return -EACCES;
		count += task->inodes[link] != 0;
	}
	return count;
}

/*
 * Neither the user nor the pid nor the time namespace can differ within a
 * process (unshare(2), setns(2) and clone(2) refuse it): these are the
 * leader's, where the leader is still there to have them.
 */
static struct found_task like_leader(const struct found_task *leader, pid_t tid)
{
	struct found_task task = {.pid = tid, .tgid = leader->tgid};

	task.inodes[NS_LINK_PID] = leader->inodes[NS_LINK_PID];
	task.inodes[NS_LINK_TIME] = leader->inodes[NS_LINK_TIME];
	task.inodes[NS_LINK_USER] = leader->inodes[NS_LINK_USER];
	return task;
}

static int read_threads(struct worker *worker, int dir_fd, const struct found_task *leader)
{
	AUTO_NUMBERS struct numbers tids;
	uint32_t tid;
	int ret = 0;

	if (numbers_open(&tids, dir_fd, "task") < 0)
		return 0;
	while (ret == 0 && numbers_next(&tids, &tid) == 1) {
		struct found_task task = like_leader(leader, (pid_t)tid);
		AUTO_CLOSE int task_fd = -1;
		char name[16];

		if (task.pid == leader->tgid)
			continue;
		snprintf(name, sizeof(name), "%u", tid);
		task_fd = openat(tids.fd, name, O_PATH | O_CLOEXEC);
		if (task_fd >= 0 && read_links(worker->work->wanted, task_fd, &task) > 0)
			ret = add_task(worker, &task);
	}
	return ret;
}

/* A directory's links are itself, its parent's entry and its subdirectories: here, the threads. */
static bool has_threads(int dir_fd)
{
	struct stat st;

	return fstatat(dir_fd, "task", &st, 0) == 0 && st.st_nlink > 3;
}

static int read_process(struct worker *worker, uint32_t pid)
{
	const struct scan_request *request = worker->work->request;
	struct found_task leader = {.pid = (pid_t)pid, .tgid = (pid_t)pid};
	AUTO_CLOSE int dir_fd = -1;
	char name[16];
	int count;
	int ret = 0;

	snprintf(name, sizeof(name), "%u", pid);
	dir_fd = openat(worker->work->proc_fd, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir_fd < 0)
		return 0;
	count = read_links(worker->work->wanted, dir_fd, &leader);
	worker->processes++;
	worker->unreadable += count == -EACCES;
	if (count < 0)
		return 0;
	if (count > 0)
		ret = add_task(worker, &leader);
	if (ret == 0 && !request->leaders_only && has_threads(dir_fd))
		ret = read_threads(worker, dir_fd, &leader);
	if (ret == 0 && request->files)
		ret = file_scan_process(&worker->files, dir_fd, (pid_t)pid, leader.inodes[NS_LINK_NET]);
	return ret;
}

static int merge_file(struct snapshot *snapshot, const struct held_file *file)
{
	struct snapshot_holder holder = {
	    .kind = file->is_socket ? HOLDER_SOCKET : HOLDER_FILE,
	    .pid = file->pid,
	    .fd = file->fd,
	    .mnt_ns = SNAPSHOT_NONE,
	};
	int ret = snapshot_add_ns(snapshot, file->type, file->ino, &holder.ns);

	return ret < 0 ? ret : snapshot_add_holder(snapshot, &holder);
}

static int merge(struct worker *worker)
{
	struct snapshot *snapshot = worker->work->snapshot;
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < worker->task_count; i++)
		ret = snapshot_add_task(snapshot, worker->tasks[i].pid, worker->tasks[i].tgid,
					worker->tasks[i].inodes);
	for (size_t i = 0; ret == 0 && i < worker->files.found_count; i++)
		ret = merge_file(snapshot, &worker->files.found[i]);
	snapshot->processes += worker->processes;
	snapshot->unreadable += worker->unreadable;
	worker->task_count = worker->files.found_count = 0;
	worker->processes = worker->unreadable = 0;
	return ret;
}

/* Hands in what the last batch brought, and takes the next.  False where there is none. */
static bool exchange(struct worker *worker, size_t *first, size_t *end, int ret)
{
	struct work *work = worker->work;

	pthread_mutex_lock(&work->lock);
	if (ret == 0)
		ret = merge(worker);
	if (ret < 0)
		work->result = ret;
	*first = work->next;
	*end = work->result < 0 ? *first : *first + BATCH;
	if (*end > work->pid_count)
		*end = work->pid_count;
	work->next = *end;
	pthread_mutex_unlock(&work->lock);
	return *first < *end;
}

static void *run_worker(void *argument)
{
	struct worker worker = {.work = argument};
	size_t first = 0;
	size_t end = 0;
	int ret = file_scan_start(&worker.files, worker.work->request->types);

	while (exchange(&worker, &first, &end, ret)) {
		for (size_t i = first; ret == 0 && i < end; i++)
			ret = read_process(&worker, worker.work->pids[i]);
	}
	file_scan_free(&worker.files);
	free(worker.tasks);
	return NULL;
}

/* The caller is a worker too: where no thread can be had, it does all of the work. */
static void run_workers(struct work *work)
{
	pthread_t threads[MAX_WORKERS];
	size_t wanted = work->pid_count / PROCESSES_PER_WORKER;
	size_t started = 0;
	cpu_set_t processors;

	if (sched_getaffinity(0, sizeof(processors), &processors) < 0)
		wanted = 0;
	else if (wanted > (size_t)CPU_COUNT(&processors) - 1)
		wanted = (size_t)CPU_COUNT(&processors) - 1;
	if (wanted > MAX_WORKERS)
		wanted = MAX_WORKERS;
	while (started < wanted && pthread_create(&threads[started], NULL, run_worker, work) == 0)
		started++;
	run_worker(work);
	for (size_t i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
}

static int list_pids(struct work *work)
{
	AUTO_NUMBERS struct numbers numbers;
	size_t capacity = 0;
	uint32_t pid;
	int ret = numbers_open(&numbers, work->proc_fd, ".");

	while (ret >= 0 && (ret = numbers_next(&numbers, &pid)) == 1) {
		uint32_t *larger = array_reserve(work->pids, &capacity, work->pid_count, sizeof(*larger));

		if (!larger)
			return -ENOMEM;
		work->pids = larger;
		larger[work->pid_count++] = pid;
	}
	return ret;
}

/* A single process takes no list, and may be a thread, which the list has not. */
static int choose_pids(struct work *work)
{
	if (work->request->process == 0)
		return list_pids(work);
	work->pids = malloc(sizeof(*work->pids));
	if (!work->pids)
		return -ENOMEM;
	work->pids[work->pid_count++] = (uint32_t)work->request->process;
	return 0;
}

static void choose_links(struct work *work)
{
	ns_type_set types = work->request->types;

	/* Bind mounts are looked for in every mnt namespace; sockets, whose net namespace is another. */
	if (work->request->mounts)
		types |= 1U << NS_MNT;
	for (enum ns_link link = 0; link < NS_LINK_COUNT; link++)
		work->wanted[link] = types & 1U << ns_link_type(link);
}

int scan_tasks(const struct scan_request *request, struct snapshot *snapshot)
{
	AUTO_CLOSE int proc_fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct work work = {
	    .request = request,
	    .proc_fd = proc_fd,
	    .lock = PTHREAD_MUTEX_INITIALIZER,
	    .snapshot = snapshot,
	};
	int ret;

	if (proc_fd < 0)
		return -errno;
	choose_links(&work);
	ret = choose_pids(&work);
	if (ret == 0)
		run_workers(&work);
	free(work.pids);
	return ret < 0 ? ret : work.result;
}
