/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The completions of a target. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/bounded.h"
#include "base/numbers.h"
#include "base/text.h"
#include "cmd/complete.h"
#include "keep/keep.h"
#include "proc/status.h"
#include "query/rows.h"
#include "scan/scan.h"
#include "target/target.h"

/* A helper takes as long to start as a few processes to read. */
#define PROCESSES_PER_HELPER 64

struct pids {
	pid_t *items;
	size_t count;
	size_t capacity;
};

static void free_pids(struct pids *pids)
{
	free(pids->items);
}
#define AUTO_PIDS __attribute__((cleanup(free_pids)))

/* The processes of /proc whose PID begins like the rest of the word. */
static void list_pids(const struct completion *completion, struct pids *pids)
{
	const char *rest = completion->word + completion->fixed;
	AUTO_NUMBERS struct numbers numbers = {.fd = -1};
	uint32_t pid;

	if (numbers_open(&numbers, AT_FDCWD, "/proc") < 0)
		return;
	while (numbers_next(&numbers, &pid) > 0) {
		pid_t *items;

		if (strncmp(numbers.name, rest, strlen(rest)) != 0 || (pid_t)pid == getpid())
			continue;
		items = array_reserve(pids->items, &pids->capacity, pids->count, sizeof(*items));
		if (!items)
			return;
		pids->items = items;
		items[pids->count++] = (pid_t)pid;
	}
}

/* In a helper: reading a command line may block.  Kernel threads are many, in the namespaces of the host. */
static int read_one_command(size_t item, struct bounded_reply *reply, void *context)
{
	const struct pids *pids = context;
	AUTO_PROCESS struct process process = PROCESS_CLOSED;
	char command[COMMAND_SIZE];
	int ret;

	process.pid = pids->items[item];
	process.dir_fd = process_open_directory(process.pid);
	if (process.dir_fd < 0 || process_is_kernel_thread(&process))
		return -ESRCH;
	ret = process_read_command(&process, true, command);
	if (ret < 0)
		return ret;
	return bounded_store(reply, command, strlen(command) + 1) ? 0 : -ENOMEM;
}

static void offer_one_process(const struct completion *completion, pid_t pid, const char *command)
{
	AUTO_PROCESS struct process process = PROCESS_CLOSED;
	char comm[64] = "";
	char word[16];

	process.dir_fd = command ? -1 : process_open_directory(pid);
	if (!command)
		process_read_comm_in_brackets(&process, comm, sizeof(comm));
	snprintf(word, sizeof(word), "%jd", (intmax_t)pid);
	complete_offer(completion, word, command ? command : comm);
}

/* Any user may read the command lines of all processes, for a command that is run by sudo(8). */
static void offer_processes(const struct completion *completion)
{
	AUTO_PIDS struct pids pids = {0};
	AUTO_BOUNDED struct bounded answers = {0};
	struct bounded_job job = {.limit = COMMAND_SIZE,
				  .items_per_helper = PROCESSES_PER_HELPER,
				  .work = read_one_command,
				  .context = &pids};

	list_pids(completion, &pids);
	job.count = pids.count;
	if (pids.count == 0 || bounded_run(&job, NULL, &answers) < 0)
		return;
	for (size_t i = 0; i < pids.count; i++) {
		size_t size;

		if (bounded_status(&answers, i) >= 0)
			offer_one_process(completion, pids.items[i], bounded_data(&answers, i, &size));
	}
}

/* "net, 3 processes: sleep 1000" */
static void offer_one_namespace(const struct completion *completion, const struct snapshot_ns *ns,
				const struct task_details *details)
{
	const char *command = details->texts[TEXT_COMMAND];
	char number[24];
	char help[512];

	snprintf(number, sizeof(number), "%ju", (uintmax_t)ns->ino);
	snprintf(help, sizeof(help), "%s, %u process%s: %s", ns_type_name(ns->type), ns->process_count,
		 ns->process_count == 1 ? "" : "es", command ? command : "?");
	complete_offer(completion, number, help);
}

/* Those of processes that the caller can read: to find others would take a scan of everything. */
static void offer_namespaces(const struct completion *completion)
{
	const struct scan_request request = {
	    .types = NS_TYPE_SET_ALL, .engine = ENGINE_PROCFS, .leaders_only = true};
	AUTO_SNAPSHOT struct snapshot snapshot = {0};
	AUTO_ROWS struct rows rows = {0};
	const struct rows_request shown = {.details = DETAIL_COMMAND};
	struct error ignored; /* a shell has no place to show it */

	if (scan(&request, &snapshot, &ignored) < 0 || rows_of_namespaces(&snapshot, &shown, &rows) < 0)
		return;
	for (size_t i = 0; i < rows.count; i++)
		offer_one_namespace(completion, &snapshot.namespaces[rows.rows[i].ns], &rows.rows[i].details);
}

/* A name that cannot be shown as it is would be typed as another one. */
static bool is_plain(const char *name)
{
	char text[1024];

	text_escape(name, strlen(name), text, sizeof(text));
	return strcmp(text, name) == 0;
}

static void offer_netns_names(const struct completion *completion)
{
	DIR *directory = opendir(TARGET_NETNS_DIRECTORY);
	const struct dirent *entry;
	char word[300];

	while (directory && (entry = readdir(directory))) {
		snprintf(word, sizeof(word), "netns:%s", entry->d_name);
		if (entry->d_name[0] != '.' && is_plain(word))
			complete_offer(completion, word, "a name of ip netns");
	}
	if (directory)
		closedir(directory);
}

/* "net, uts" */
static void describe_kept(const struct kept_list *list, size_t first, char *help, size_t size)
{
	const char *name = list->items[first].name;

	help[0] = '\0';
	for (size_t i = first; i < list->count && strcmp(list->items[i].name, name) == 0; i++) {
		size_t used = strlen(help);

		if (list->items[i].state != KEEP_DAMAGED)
			snprintf(help + used, size - used, "%s%s", used ? ", " : "",
				 ns_type_name(list->items[i].type));
	}
}

void complete_kept_name(const struct completion *completion, const char *prefix)
{
	AUTO_KEPT struct kept_list list = {0};
	struct error ignored; /* a shell has no place to show it */
	char word[KEEP_NAME_MAX + 16];
	char help[64];

	if (keep_list(&list, &ignored) < 0)
		return;
	for (size_t i = 0; i < list.count; i++) {
		if (i > 0 && strcmp(list.items[i].name, list.items[i - 1].name) == 0)
			continue;
		snprintf(word, sizeof(word), "%s%s", prefix, list.items[i].name);
		describe_kept(&list, i, help, sizeof(help));
		complete_offer(completion, word, help);
	}
}

void complete_process(const struct completion *completion)
{
	complete_offer(completion, "self", "the caller");
	offer_processes(completion);
}

void complete_target(const struct completion *completion, bool with_processes)
{
	const char *word = completion->word + completion->fixed;

	/* A colon before the slash: pod:NAMESPACE/NAME. */
	if (word[strcspn(word, ":/")] == '/' || word[0] == '.' || word[0] == '~') {
		complete_ask("file");
		return;
	}
	if (with_processes) {
		complete_process(completion);
		complete_container(completion);
	} else {
		offer_namespaces(completion);
	}
	offer_netns_names(completion);
	complete_kept_name(completion, TARGET_KEPT_PREFIX);
}
