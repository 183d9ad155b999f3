/* SPDX-License-Identifier: GPL-2.0-or-later */
/* 1234; 1234:5678, with the inode of its pidfd; self. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "target/kind.h"

static bool parse_process(const char *text, struct target *target)
{
	size_t length = strcspn(text, ":");
	uint64_t number;

	if (strcmp(text, "self") == 0)
		return true;
	if (!text_parse_digits(text, length, PROCESS_PID_MAX, &number) || number == 0)
		return false;
	target->pid = (pid_t)number;
	if (text[length] == '\0')
		return true;
	return text_parse_number(text + length + 1, UINT64_MAX, &target->pidfd_inode) &&
	       target->pidfd_inode != 0;
}

static int check_inode(const struct target *target, const struct process *process, struct error *err)
{
	uint64_t inode = 0;
	int ret = process_read_pidfd_inode(process, &inode);

	if (ret < 0) {
		error_set(err, -ret, "'%.400s': this kernel's pidfds have no inode of their own",
			  target->text);
		return error_hint(err, "PID:INODE needs Linux 6.9 or newer");
	}
	if (inode == target->pidfd_inode)
		return 0;
	return error_set(err, ESRCH,
			 "process %d is another one now: its pidfd inode is %" PRIu64 ", not %" PRIu64,
			 target->pid, inode, target->pidfd_inode);
}

static int open_process(const struct target *target, enum engine engine, struct opened_target *opened,
			struct error *err)
{
	int ret = process_open(target->pid ? target->pid : getpid(), &opened->process, err);

	(void)engine;
	opened->is_process = true;
	if (ret < 0 || target->pidfd_inode == 0)
		return ret;
	return check_inode(target, &opened->process, err);
}

static int find_process(const struct target *target, const struct snapshot *snapshot,
			struct found_target *found, struct error *err)
{
	AUTO_TARGET struct opened_target opened = TARGET_CLOSED;
	int ret = open_process(target, ENGINE_AUTO, &opened, err);

	if (ret < 0)
		return ret;
	found->is_process = true;
	found->task = snapshot_find_task(snapshot, opened.process.pid);
	if (found->task != SNAPSHOT_NONE)
		return 0;
	error_set(err, EACCES, "the namespaces of process %d could not be read", opened.process.pid);
	return error_hint(err, "`nsctl show %d` shows why", opened.process.pid);
}

const struct target_row target_process = {
    .kind = TARGET_PROCESS,
    .written = "a PID, self",
    .needs = TARGET_NEEDS_TASKS,
    .parse = parse_process,
    .open = open_process,
    .find = find_process,
};
