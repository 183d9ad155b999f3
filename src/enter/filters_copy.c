/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "enter/filters_copy.h"

#include <errno.h>
#include <linux/filter.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "enter/plan.h"

/* The process has this long to stop; one that waits for a file server never does. */
#define STOP_MSEC 1000

/* The kernel has at most 32768 instructions in all filters of a task (MAX_INSNS_PER_PATH). */
#define FILTERS_MAX 8192

static int set_not_stopped(const struct process *process, struct error *err)
{
	error_set(err, ETIMEDOUT, "process %d did not stop: its seccomp filters cannot be copied",
		  process->pid);
	return error_hint(err, "it waits for a file system, or it is frozen");
}

/*
 * Waits until the process has stopped.  Other children are not this one's: none exists.
 * signal: what it was about to receive, which is lost unless it is passed on (ptrace(2)).
 */
static int wait_for_stop(const struct process *process, long *signal, struct error *err)
{
	const struct timespec pause = {.tv_nsec = 1000000};

	for (int i = 0; i < STOP_MSEC; i++) {
		int status;
		pid_t got = waitpid(process->pid, &status, WNOHANG | __WALL);

		if (got < 0)
			return error_set_errno(err, errno, "cannot wait for process %d", process->pid);
		if (got == process->pid && WIFSTOPPED(status)) {
			*signal = status >> 16 == PTRACE_EVENT_STOP ? 0 : WSTOPSIG(status);
			return 0;
		}
		if (got == process->pid)
			return error_set(err, ESRCH, "process %d has ended", process->pid);
		nanosleep(&pause, NULL);
	}
	return set_not_stopped(process, err);
}

/* ptrace(2) as the kernel has it: an address may be a number. */
static long trace(long request, pid_t pid, size_t address, void *data)
{
	return syscall(SYS_ptrace, request, pid, address, data);
}

/*
 * The filter of this place, from the first loaded on.  Returns 1, 0 where there is none, or a negative
 * errno.
 */
static int copy_one(pid_t pid, size_t place, struct seccomp_filter *filter)
{
	struct __ptrace_seccomp_metadata metadata = {.filter_off = place};
	long count = trace(PTRACE_SECCOMP_GET_FILTER, pid, place, NULL);

	if (count < 0)
		return errno == ENOENT ? 0 : -errno;
	filter->instructions = calloc((size_t)count + 1, sizeof(*filter->instructions));
	if (!filter->instructions)
		return -ENOMEM;
	filter->count = (unsigned short)count;
	if (trace(PTRACE_SECCOMP_GET_FILTER, pid, place, filter->instructions) != count)
		return -EIO;
	if (trace(PTRACE_SECCOMP_GET_METADATA, pid, sizeof(metadata), &metadata) < 0)
		return -errno;
	filter->flags = (unsigned int)metadata.flags;
	return 1;
}

/* The kernel numbers them from the oldest on (get_nth_filter() of kernel/seccomp.c). */
static int copy_all(pid_t pid, struct settings *settings)
{
	int ret = 1;

	settings->filters = calloc(settings->filters_unread, sizeof(*settings->filters));
	if (!settings->filters)
		return -ENOMEM;
	while (ret > 0 && settings->filter_count < settings->filters_unread) {
		ret = copy_one(pid, settings->filter_count, &settings->filters[settings->filter_count]);
		settings->filter_count += ret != 0; /* after an error it is to be freed, too */
	}
	if (ret < 0)
		return ret;
	return ret == 0 ? -EAGAIN : 0;
}

static int explain_attach(const struct process *process, int number, struct error *err)
{
	error_set_errno(err, number, "cannot stop process %d to copy its seccomp filters", process->pid);
	if (number == EPERM)
		return error_hint(err, "another process traces it, or CAP_SYS_PTRACE is required");
	return -number;
}

static int explain_copy(const struct process *process, int number, struct error *err)
{
	error_set_errno(err, number, "cannot copy the seccomp filters of process %d", process->pid);
	if (number == EACCES)
		return error_hint(err, "it requires CAP_SYS_ADMIN, and a caller without a filter of its own");
	return -number;
}

int filters_copy(const struct process *process, struct settings *settings, struct error *err)
{
	long signal = 0;
	int ret;

	if (settings->filters_unread > FILTERS_MAX)
		return error_set(err, E2BIG, "process %d has too many seccomp filters", process->pid);
	if (ptrace(PTRACE_SEIZE, process->pid, NULL, NULL) < 0)
		return explain_attach(process, errno, err);
	/* The PID can have been reused before, but not between now and the seizing. */
	if (!process_exists(process))
		ret = error_set(err, ESRCH, "process %d has ended", process->pid);
	else if (ptrace(PTRACE_INTERRUPT, process->pid, NULL, NULL) < 0)
		ret = explain_attach(process, errno, err);
	else
		ret = wait_for_stop(process, &signal, err);
	if (ret == 0) {
		ret = copy_all(process->pid, settings);
		ret = ret < 0 ? explain_copy(process, -ret, err) : 0;
	}
	/* Where it has not stopped this fails, and this process's end lets it go. */
	syscall(SYS_ptrace, PTRACE_DETACH, process->pid, NULL, signal);
	return ret;
}
