/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "query/descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bounded.h"
#include "base/cleanup.h"
#include "ns/ns.h"
#include "proc/socket.h"
#include "scan/details.h"
#include "scan/files.h"

#define TEXT_SIZE 4096
#define FILES_PER_HELPER 32
#define NO_ANSWER "which did not answer in time"
#define NO_ACCESS "which this user may not look at"

struct describing {
	const struct snapshot *snapshot;
	const uint32_t *holders;
};

/* Opens the directory of the process, or of a thread with a descriptor table of its own. */
static int open_ns_directory(const struct snapshot_holder *holder)
{
	char path[64];

	if (holder->tid)
		snprintf(path, sizeof(path), "/proc/%d/task/%d/ns", holder->pid, holder->tid);
	else
		snprintf(path, sizeof(path), "/proc/%d/ns", holder->pid);
	return open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static int read_path(int ns_fd, int fd, char *path, size_t size)
{
	char name[32];
	ssize_t length;

	snprintf(name, sizeof(name), "../fd/%d", fd);
	length = readlinkat(ns_fd, name, path, size - 1);
	if (length < 0)
		return -errno;
	path[length] = '\0';
	return 0;
}

/* The kernel reports "/" for a bind mount that was unmounted: name the namespace instead. */
static int describe_namespace(const struct snapshot_ns *ns, int ns_fd, int fd, char *text)
{
	char name[32];
	struct stat st;
	dev_t nsfs;
	int ret = read_path(ns_fd, fd, text, TEXT_SIZE);

	snprintf(name, sizeof(name), "../fd/%d", fd);
	if (ret == 0 && fstatat(ns_fd, name, &st, 0) < 0)
		ret = -errno;
	/* The descriptor may be another file by now. */
	if (ret == 0 && (st.st_ino != ns->ino || ns_read_device(&nsfs) < 0 || st.st_dev != nsfs))
		ret = -ENOENT;
	if (ret == 0 && strcmp(text, "/") == 0)
		snprintf(text, TEXT_SIZE, "%s:[%ju], no longer mounted", ns_type_name(ns->type),
			 (uintmax_t)ns->ino);
	return ret;
}

/* A link that begins otherwise is no longer such a file. */
static int describe_link(const char *start, int ns_fd, int fd, char *text)
{
	int ret = read_path(ns_fd, fd, text, TEXT_SIZE);

	return ret == 0 && strncmp(text, start, strlen(start)) != 0 ? -ENOENT : ret;
}

static int describe_socket(const struct snapshot_ns *ns, const struct snapshot_holder *holder, int ns_fd,
			   char *text)
{
	AUTO_CLOSE int copy = descriptor_copy(ns_fd, holder->tid ? holder->tid : holder->pid, holder->fd);
	AUTO_NS struct ns net = NS_CLOSED;

	/* Before Linux 6.9 no pidfd refers to a thread: only the number of the socket is known. */
	if (copy < 0)
		return holder->tid ? describe_link("socket:", ns_fd, holder->fd, text) : copy;
	if (socket_open_ns(copy, &net) < 0 || net.ino != ns->ino)
		return -ENOENT;
	socket_describe(copy, text, TEXT_SIZE);
	return 0;
}

static int describe_descriptor(const struct snapshot_ns *ns, const struct snapshot_holder *holder, char *text)
{
	AUTO_CLOSE int ns_fd = -1;

	text[0] = '\0';
	if (holder->pid == 0)
		return 0;
	ns_fd = open_ns_directory(holder);
	if (ns_fd < 0)
		return -errno;
	switch (holder->kind) {
	case HOLDER_SOCKET:
		return describe_socket(ns, holder, ns_fd, text);
	case HOLDER_PROC_NET:
		return describe_link("/proc/", ns_fd, holder->fd, text);
	case HOLDER_RING:
		return describe_link("anon_inode:", ns_fd, holder->fd, text);
	case HOLDER_DETACHED:
		return read_path(ns_fd, holder->fd, text, TEXT_SIZE);
	default:
		return describe_namespace(ns, ns_fd, holder->fd, text);
	}
}

static int describe_in_helper(size_t item, struct bounded_reply *reply, void *context)
{
	const struct describing *describing = context;
	const struct snapshot *snapshot = describing->snapshot;
	const struct snapshot_holder *holder = &snapshot->holders[describing->holders[item]];
	char text[TEXT_SIZE];
	int ret = describe_descriptor(&snapshot->namespaces[holder->ns], holder, text);

	if (ret == -EPERM || ret == -EACCES) {
		snprintf(text, sizeof(text), NO_ACCESS);
		ret = 0;
	}
	if (ret < 0)
		return ret;
	return bounded_store(reply, text, strlen(text) + 1) ? 0 : -ENOMEM;
}

static int read_texts(const struct describing *describing, size_t count, struct described_file *files)
{
	AUTO_BOUNDED struct bounded answers = {0};
	const struct bounded_job job = {
	    .count = count,
	    .limit = TEXT_SIZE,
	    .items_per_helper = FILES_PER_HELPER,
	    .work = describe_in_helper,
	    .context = (void *)describing,
	};
	long blocked = unanswered_run(describing->snapshot->unanswered, UNANSWERED_FILES, &job, &answers);

	if (blocked == -ENOMEM)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		size_t size;
		const char *text = blocked < 0 ? NULL : bounded_data(&answers, i, &size);

		if (!text && (blocked < 0 || bounded_status(&answers, i) == BOUNDED_NO_ANSWER))
			text = NO_ANSWER;
		files[i].text = text ? strdup(text) : NULL;
		if (text && !files[i].text)
			return -ENOMEM;
	}
	return 0;
}

static int read_commands(const struct describing *describing, size_t count, struct described_file *files)
{
	const struct snapshot *snapshot = describing->snapshot;
	AUTO_FREE uint32_t *tasks = calloc(count + 1, sizeof(*tasks));
	AUTO_FREE struct task_details *details = calloc(count + 1, sizeof(*details));
	int ret = -ENOMEM;

	for (size_t i = 0; tasks && i < count; i++)
		tasks[i] = snapshot_find_task(snapshot, snapshot->holders[describing->holders[i]].pid);
	if (tasks && details)
		ret = scan_details_of_all(snapshot, tasks, count, DETAIL_COMMAND, details);
	for (size_t i = 0; details && i < count; i++)
		files[i].command = details[i].texts[TEXT_COMMAND];
	return ret;
}

int descriptors_describe(const struct snapshot *snapshot, const uint32_t *holders, size_t count,
			 struct described_file *files)
{
	const struct describing describing = {.snapshot = snapshot, .holders = holders};
	int ret = read_texts(&describing, count, files);

	return ret < 0 ? ret : read_commands(&describing, count, files);
}
