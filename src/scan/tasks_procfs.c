/* The tasks below /proc, read by as many threads as there are processors. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/numbers.h"
#include "base/workers.h"
#include "proc/process.h"
#include "proc/procfs.h"
#include "scan/files.h"
#include "scan/sources.h"

#define BATCH 32
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

	pthread_mutex_t lock;
	struct numbers pids; /* of /proc; one alone where the request is for one alone */
	bool is_done;
	struct snapshot *snapshot;
	int result;
};

/* One worker's; emptied into the snapshot after each batch. */
struct worker {
	struct work *work;
	struct files files;
	struct found_task *tasks;
	size_t task_count;
	size_t task_capacity;
	size_t processes;
	size_t unreadable;
	bool is_denied; /* something of the process that is read now */
	uint32_t pids[BATCH];
	size_t pid_count;
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
static int read_links(const bool wanted[NS_LINK_COUNT], int ns_fd, struct found_task *task)
{
	int count = 0;

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

/* What ended meanwhile is no error; what this user may not read is counted. */
static int check(struct worker *worker, int ret)
{
	if (ret == -ENOENT || ret == -ESRCH)
		return 0;
	if (ret != -EACCES && ret != -EPERM)
		return ret;
	worker->is_denied = true;
	return 0;
}

/* One that has exited has left its nsproxy, but not its user namespace. */
static bool is_zombie(const bool wanted[NS_LINK_COUNT], const struct found_task *task)
{
	static const enum ns_link links[] = {NS_LINK_CGROUP, NS_LINK_IPC, NS_LINK_MNT, NS_LINK_NET,
					     NS_LINK_UTS};

	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		if (wanted[links[i]] && task->inodes[links[i]] == 0)
			return true;
	}
	return false;
}

/* Where the leader has exited, and with it left its files, a thread still has them. */
static int read_thread(struct worker *worker, const struct numbers *tids, struct found_task *task,
		       bool *has_files)
{
	AUTO_CLOSE int ns_fd = -1;
	char name[32];
	int ret;

	snprintf(name, sizeof(name), "%s/ns", tids->name);
	ns_fd = openat(tids->fd, name, O_PATH | O_CLOEXEC);
	if (ns_fd < 0)
		return check(worker, -errno);
	ret = read_links(worker->work->wanted, ns_fd, task);
	if (ret <= 0)
		return check(worker, ret);
	ret = add_task(worker, task);
	if (ret < 0 || *has_files || !worker->work->request->files)
		return ret;
	*has_files = true;
	return check(worker, files_look(&worker->files, ns_fd, task->tgid, task->inodes[NS_LINK_NET]));
}

static int read_threads(struct worker *worker, int ns_fd, const struct found_task *leader)
{
	AUTO_NUMBERS struct numbers tids;
	bool has_files = !is_zombie(worker->work->wanted, leader);
	uint32_t tid;
	int ret = numbers_open(&tids, ns_fd, "../task");

	if (ret < 0)
		return check(worker, ret);
	while (ret == 0 && numbers_next(&tids, &tid) == 1) {
		struct found_task task = like_leader(leader, (pid_t)tid);

		if (task.pid != leader->tgid)
			ret = read_thread(worker, &tids, &task, &has_files);
	}
	return ret;
}

/* A directory's links are itself, its parent's entry and its subdirectories: here, the threads. */
static bool has_threads(int ns_fd)
{
	struct stat st;

	return fstatat(ns_fd, "../task", &st, 0) == 0 && st.st_nlink > 3;
}

/*
 * All of a process is read below one directory, /proc/PID/ns, which the kernel
 * ties to the process, not to its number: where that is handed on, there is
 * nothing more to read.
 */
static int read_below(struct worker *worker, int ns_fd, struct found_task *leader)
{
	const struct scan_request *request = worker->work->request;
	int ret = read_links(worker->work->wanted, ns_fd, leader);

	if (ret < 0)
		return ret;
	if (ret > 0)
		ret = add_task(worker, leader);
	if (ret == 0 && !request->leaders_only && has_threads(ns_fd))
		ret = read_threads(worker, ns_fd, leader);
	if (ret == 0 && request->files)
		ret = files_look(&worker->files, ns_fd, leader->pid, leader->inodes[NS_LINK_NET]);
	return ret;
}

static int read_process(struct worker *worker, uint32_t pid)
{
	struct found_task leader = {.pid = (pid_t)pid, .tgid = (pid_t)pid};
	AUTO_CLOSE int ns_fd = -1;
	char name[32];
	int ret;

	snprintf(name, sizeof(name), "%u/ns", pid);
	worker->is_denied = false;
	ns_fd = openat(worker->work->proc_fd, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	ret = check(worker, ns_fd < 0 ? -errno : read_below(worker, ns_fd, &leader));
	worker->processes += ns_fd >= 0 || worker->is_denied;
	worker->unreadable += worker->is_denied;
	return ret;
}

static int add_file(struct snapshot *snapshot, const struct held_file *file)
{
	return snapshot_add_descriptor(snapshot, file->type, file->ino,
				       file->is_socket ? HOLDER_SOCKET : HOLDER_FILE, file->pid, file->fd);
}

static int merge(struct worker *worker)
{
	struct snapshot *snapshot = worker->work->snapshot;
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < worker->task_count; i++)
		ret = snapshot_add_task(snapshot, worker->tasks[i].pid, worker->tasks[i].tgid,
					worker->tasks[i].inodes);
	for (size_t i = 0; ret == 0 && i < worker->files.found_count; i++)
		ret = add_file(snapshot, &worker->files.found[i]);
	snapshot->processes += worker->processes;
	snapshot->unreadable += worker->unreadable;
	worker->task_count = worker->files.found_count = 0;
	worker->processes = worker->unreadable = 0;
	return ret;
}

/* The next batch of processes.  Returns 0 or a negative errno. */
static int take(struct work *work, struct worker *worker)
{
	worker->pid_count = 0;
	if (work->request->process != 0 && !work->is_done) {
		worker->pids[worker->pid_count++] = (uint32_t)work->request->process;
		work->is_done = true;
	}
	while (!work->is_done && worker->pid_count < BATCH) {
		int ret = numbers_next(&work->pids, &worker->pids[worker->pid_count]);

		if (ret < 0)
			return ret;
		work->is_done = ret == 0;
		worker->pid_count += ret == 1;
	}
	return 0;
}

/* Hands in what the last batch brought, and takes the next.  False where there is none. */
static bool exchange(struct worker *worker, int ret)
{
	struct work *work = worker->work;

	pthread_mutex_lock(&work->lock);
	if (ret == 0)
		ret = merge(worker);
	if (ret == 0)
		ret = take(work, worker);
	if (ret < 0) {
		work->result = ret;
		work->is_done = true;
	}
	pthread_mutex_unlock(&work->lock);
	return ret == 0 && worker->pid_count > 0;
}

static void *run_worker(void *argument)
{
	struct worker worker = {.work = argument};
	int ret = 0;

	if (worker.work->request->files)
		ret = files_start(&worker.files, worker.work->request->types);
	while (exchange(&worker, ret)) {
		for (size_t i = 0; ret == 0 && i < worker.pid_count; i++)
			ret = read_process(&worker, worker.pids[i]);
	}
	files_free(&worker.files);
	free(worker.tasks);
	return NULL;
}

/* The links of /proc count its processes. */
static size_t choose_worker_count(const struct work *work)
{
	struct stat st;

	if (work->request->process != 0 || fstat(work->proc_fd, &st) < 0)
		return 0;
	return workers_choose((size_t)st.st_nlink, PROCESSES_PER_WORKER);
}

static void choose_links(struct work *work)
{
	ns_type_set types = scan_types(work->request);

	for (enum ns_link link = 0; link < NS_LINK_COUNT; link++)
		work->wanted[link] = types & 1U << ns_link_type(link);
}

int scan_tasks_procfs(const struct scan_request *request, struct snapshot *snapshot)
{
	struct work work = {
	    .request = request,
	    .lock = PTHREAD_MUTEX_INITIALIZER,
	    .snapshot = snapshot,
	};
	int ret = numbers_open(&work.pids, AT_FDCWD, "/proc");

	if (ret < 0)
		return ret;
	work.proc_fd = work.pids.fd;
	choose_links(&work);
	workers_run(choose_worker_count(&work), run_worker, &work);
	numbers_close(&work.pids);
	snapshot->has_hidden = procfs_has_hidden();
	/* The caller at the least is there: where nobody is, it is no procfs. */
	if (work.result == 0 && request->process == 0 && snapshot->processes == 0)
		return -ENOENT;
	return work.result;
}
