/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/numbers.h"
#include "proc/answers.h"
#include "query/describe.h"

static void describe_links(const struct process *process, struct process_description *description)
{
	struct process_links links;
	struct process_links own;

	process_read_own_links(&own);
	process_read_links(process, &links);
	for (enum ns_link link = 0; link < NS_LINK_COUNT; link++) {
		struct ns_facts *facts = &description->links[link];
		AUTO_NS struct ns ns = NS_CLOSED;

		*facts = (struct ns_facts){
		    .type = ns_link_type(link),
		    .ino = links.ino[link],
		    .ino_reason = links.reason[link],
		    .has_caller = links.ino[link] != 0 && links.ino[link] == own.ino[link],
		};
		facts->reason = facts->ino_reason;
		if (facts->reason == 0)
			facts->reason = -process_open_ns(process, link, &ns);
		if (facts->reason == 0)
			ns_facts_read(&ns, facts);
	}
}

static bool links_differ(const struct process_links *links, const struct process_description *description)
{
	for (enum ns_link link = 0; link < NS_LINK_COUNT; link++) {
		if (links->reason[link] == 0 && links->ino[link] != description->links[link].ino)
			return true;
	}
	return false;
}

static int add_thread(struct process_description *description, pid_t tid, int task_fd)
{
	struct process task = {.pid = tid, .dir_fd = task_fd, .pidfd = -1};
	struct thread_description thread = {.tid = tid};
	struct thread_description *larger;

	process_read_links(&task, &thread.links);
	if (!links_differ(&thread.links, description))
		return 0;
	if (process_read_comm(&task, thread.comm, sizeof(thread.comm)) < 0)
		return 0; /* it ended meanwhile */
	larger = reallocarray(description->threads, description->thread_count + 1, sizeof(thread));
	if (!larger)
		return -ENOMEM;
	larger[description->thread_count++] = thread;
	description->threads = larger;
	return 0;
}

static int describe_threads(const struct process *process, struct process_description *description)
{
	AUTO_NUMBERS struct numbers tids;
	uint32_t tid;
	int ret = numbers_open(&tids, process->dir_fd, "task");

	if (ret < 0)
		return ret;
	while ((ret = numbers_next(&tids, &tid)) == 1) {
		AUTO_CLOSE int task_fd = openat(tids.fd, tids.name, O_PATH | O_CLOEXEC);

		if ((pid_t)tid != process->pid && task_fd >= 0 &&
		    add_thread(description, (pid_t)tid, task_fd) < 0)
			return -ENOMEM;
	}
	return ret;
}

int describe_process(const struct process *process, struct process_description *description,
		     struct error *err)
{
	int ret;

	*description = (struct process_description){.pid = process->pid};
	if (process_check_answers(process, err) < 0)
		return -err->number;
	ret = process_read_status(process, &description->status);
	if (ret == 0)
		ret = process_read_comm(process, description->comm, sizeof(description->comm));
	if (ret == 0) {
		description->is_kernel_thread = process_is_kernel_thread(process);
		describe_links(process, description);
		description->uid_map_reason = -process_read_id_map(process, "uid_map", &description->uid_map);
		description->gid_map_reason = -process_read_id_map(process, "gid_map", &description->gid_map);
		/* The directory of a single thread lists no others. */
		if (description->status.tgid == process->pid)
			ret = describe_threads(process, description);
	}
	if (!process_exists(process))
		return error_set(err, ESRCH, "process %d ended while it was looked at", process->pid);
	if (ret < 0)
		return error_set_errno(err, -ret, "cannot read process %d", process->pid);
	return 0;
}

size_t process_description_denied(const struct process_description *description)
{
	size_t count = 0;

	for (enum ns_link link = 0; link < NS_LINK_COUNT; link++) {
		int reason = description->links[link].ino_reason;

		count += reason == EACCES || reason == EPERM;
	}
	return count;
}

void process_description_free(struct process_description *description)
{
	process_status_free(&description->status);
	free(description->threads);
	description->threads = NULL;
}
