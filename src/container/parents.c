/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "container/parents.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/numbers.h"
#include "base/text.h"
#include "container/runtime.h"
#include "proc/status.h"

/* More parents than a program inside has, as a rule. */
#define PARENTS_MAX 64

#define NSPAWN "systemd-nspawn"
#define BWRAP "bwrap"

static bool has_comm(const struct process *process, const char *name)
{
	char comm[32];

	return process_read_comm(process, comm, sizeof(comm)) >= 0 && strcmp(comm, name) == 0;
}

/* The directory of a process belongs to its effective user. */
static bool is_of_root(const struct process *process)
{
	struct stat st;

	return fstat(process->dir_fd, &st) == 0 && st.st_uid == 0;
}

static bool is_in_mnt_ns(const struct process *process, ino_t wanted)
{
	ino_t ino;

	return process_read_link(process->dir_fd, NS_LINK_MNT, &ino) == 0 && ino == wanted;
}

/* The value of --machine=NAME or -M NAME among the arguments of systemd-nspawn, which end with NULs. */
static const char *find_machine(const char *arguments, size_t length)
{
	static const char option[] = "--machine=";
	bool is_next = false;

	for (const char *at = arguments; at < arguments + length; at += strlen(at) + 1) {
		if (is_next)
			return at;
		if (strncmp(at, option, strlen(option)) == 0)
			return at + strlen(option);
		if (strncmp(at, "-M", 2) == 0 && at[2])
			return at + 2;
		is_next = strcmp(at, "-M") == 0 || strcmp(at, "--machine") == 0;
	}
	return NULL;
}

/* The process that systemd-nspawn started: the first of a pid namespace. */
static bool find_payload(const struct process *nspawn, struct container *container)
{
	char text[256];
	char path[64];
	char *rest = NULL;

	snprintf(path, sizeof(path), "task/%d/children", nspawn->pid);
	if (file_read_at(nspawn->dir_fd, path, text, sizeof(text)) < 0)
		return false;
	for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
		AUTO_PROCESS struct process child = PROCESS_CLOSED;
		AUTO_STATUS struct process_status status = {0};
		struct process_stat stat;
		struct error ignored; /* it ended meanwhile */
		uint64_t pid;

		if (text_parse_number(word, PROCESS_PID_MAX, &pid) &&
		    process_open((pid_t)pid, &child, &ignored) == 0 &&
		    process_read_status(&child, &status) == 0 && status.nspid_count > 1 &&
		    status.nspid[status.nspid_count - 1] == 1 && process_read_stat(&child, &stat) == 0) {
			container->init = (pid_t)pid;
			container->start = stat.start_ticks;
			return true;
		}
	}
	return false;
}

/* Makes the container of an nspawn process.  Returns NULL without memory, or where it has no name. */
static struct container *make_machine(const struct process *nspawn)
{
	char arguments[COMMAND_SIZE];
	ssize_t length = file_read_at(nspawn->dir_fd, "cmdline", arguments, sizeof(arguments));
	const char *name = length > 0 ? find_machine(arguments, (size_t)length) : NULL;
	struct container *container;

	if (!name || !container_is_id(name))
		return NULL;
	container = container_new(&runtime_nspawn, 0, name);
	if (container)
		find_payload(nspawn, container);
	return container;
}

/* Adds it, and returns it by found.  0 or -ENOMEM. */
static int add_container(struct containers *containers, struct container *container,
			 const struct container **found)
{
	int ret = containers_keep(containers, container);

	if (ret == 0)
		*found = containers->items[containers->count - 1];
	return ret;
}

static int add_bubblewrap(struct containers *containers, pid_t pid, const struct container **found)
{
	struct container *container;
	char id[16];

	snprintf(id, sizeof(id), "%d", pid);
	container = container_new(&runtime_bubblewrap, 0, id);
	if (!container)
		return -ENOMEM;
	if (container_set_text(&container->name, "bubblewrap") < 0) {
		container_free(container);
		return -ENOMEM;
	}
	return add_container(containers, container, found);
}

static int look_at_parent(struct containers *containers, const struct process *parent,
			  const struct container **found)
{
	struct container *machine;

	if (has_comm(parent, BWRAP))
		return add_bubblewrap(containers, parent->pid, found);
	if (!has_comm(parent, NSPAWN) || !is_of_root(parent))
		return -ENOENT;
	machine = make_machine(parent);
	return machine ? add_container(containers, machine, found) : -ENOENT;
}

int container_of_parents(struct containers *containers, pid_t pid, ino_t own_mnt,
			 const struct container **found)
{
	for (unsigned int i = 0; i < PARENTS_MAX && pid > 1; i++) {
		AUTO_PROCESS struct process process = PROCESS_CLOSED;
		struct process_stat stat;
		struct error ignored; /* it ended meanwhile */

		if (process_open(pid, &process, &ignored) < 0)
			return -ENOENT;
		if (i > 0 && is_in_mnt_ns(&process, own_mnt))
			return look_at_parent(containers, &process, found);
		if (process_read_stat(&process, &stat) < 0)
			return -ENOENT;
		pid = stat.ppid;
	}
	return -ENOENT;
}

int container_of_parent(struct containers *containers, pid_t pid, const struct container **found)
{
	AUTO_PROCESS struct process parent = {.pid = pid, .dir_fd = process_open_directory(pid), .pidfd = -1};

	return parent.dir_fd < 0 ? -ENOENT : look_at_parent(containers, &parent, found);
}

int containers_list_unregistered(struct containers *containers)
{
	AUTO_NUMBERS struct numbers numbers = {.fd = -1};
	struct process_links own;
	uint32_t pid;
	int ret = numbers_open(&numbers, AT_FDCWD, "/proc");

	process_read_own_links(&own);
	while (ret >= 0 && (ret = numbers_next(&numbers, &pid)) > 0) {
		AUTO_PROCESS struct process process = {
		    .pid = (pid_t)pid, .dir_fd = process_open_directory((pid_t)pid), .pidfd = -1};
		struct container *machine;

		if (process.dir_fd < 0 || !has_comm(&process, NSPAWN) || !is_of_root(&process) ||
		    !is_in_mnt_ns(&process, own.ino[NS_LINK_MNT]))
			continue;
		machine = make_machine(&process);
		if (machine)
			ret = containers_keep(containers, machine);
	}
	return ret == -ENOMEM ? ret : 0;
}
