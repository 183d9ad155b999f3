/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "create/in_child.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "create/init.h"
#include "create/program.h"
#include "create/reasons.h"
#include "create/steps.h"

/*
 * Memory that the child shares with this process until the child executes the program or
 * becomes the first process of a container, which unmaps it.
 */
struct shared {
	struct error err;     /* of the child */
	struct error refusal; /* of this process: the child is not to execute the program */
	bool exec_failed;
};

struct child {
	struct creation *creation;
	const struct create_observer *observer;
	struct shared *shared;
	int go[2];    /* a pipe: the child goes on once a byte comes */
	int hello[2]; /* a pipe: the child reports its own PID */
};

/*
 * No process inside may trace this one, read its memory and descriptors through /proc
 * (CVE-2016-9962), or write to its program, a file of root's, through /proc/1/exe
 * (CVE-2019-5736).  Other users than root have nothing to protect from themselves,
 * and could no longer enter the first process of their pid namespace.
 */
static int forbid_tracing(const struct creation *creation, struct error *err)
{
	if (!creation->is_root || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0)
		return 0;
	return error_set_errno(err, errno, "cannot forbid tracing");
}

/* Reports its PID, and waits until it may go on. */
static int wait_for_go(const struct child *child, struct error *err)
{
	pid_t self = getpid();
	char byte;
	ssize_t got;

	close(child->go[1]);
	if (write(child->hello[1], &self, sizeof(self)) != (ssize_t)sizeof(self))
		return error_set_errno(err, errno, "cannot report to nsctl");
	close(child->hello[1]);
	do
		got = read(child->go[0], &byte, 1);
	while (got < 0 && errno == EINTR);
	/* Without a byte the other process has refused, and says why itself, or was killed. */
	return got == 1 ? 0 : error_set(err, ESRCH, "nsctl was killed");
}

static int execute_in_child(void *context)
{
	struct child *child = context;
	struct creation *creation = child->creation;
	struct error *err = &child->shared->err;

	if (creation->is_trial)
		return program_check(creation, err) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
	if (supervisor_restore_signals(&creation->supervisor) < 0)
		error_set_errno(err, errno, "cannot restore the signals");
	else if (program_wait_for_caller(creation, err) == 0 && outside_commit(creation, err) == 0)
		program_execute(creation, &child->shared->exec_failed, err);
	outside_undo(creation);
	return EXIT_FAILURE;
}

static void unmap_shared(void *context, pid_t pid)
{
	struct child *child = context;

	(void)pid;
	munmap(child->shared, sizeof(*child->shared));
}

static int become_init(struct child *child)
{
	const struct supervised program = {
	    .become = execute_in_child, .started = unmap_shared, .context = child};
	struct error err = {0};
	int status;

	if (init_run(child->creation, &program, &status, &err) == 0)
		return status;
	child->shared->err = err;
	outside_undo(child->creation);
	return EXIT_FAILURE;
}

/*
 * Waits first: the other process needs its /proc until then, and the child may mount
 * another one over it.
 */
static int run_in_child(void *context)
{
	struct child *child = context;
	struct creation *creation = child->creation;
	struct error *err = &child->shared->err;

	if (wait_for_go(child, err) < 0 || forbid_tracing(creation, err) < 0 ||
	    steps_take(steps_furnishing, creation, err) < 0 || forbid_tracing(creation, err) < 0) {
		outside_undo(creation);
		return EXIT_FAILURE;
	}
	return creation->request->is_init ? become_init(child) : execute_in_child(child);
}

static int read_pid_inside(const struct child *child, pid_t *pid, struct error *err)
{
	if (read(child->hello[0], pid, sizeof(*pid)) == (ssize_t)sizeof(*pid))
		return 0;
	return error_set(err, ESRCH, "the program's process has ended");
}

/* In this process, as soon as the child exists: a pid namespace without a process cannot be mounted. */
static void start_program(void *context, pid_t pid)
{
	struct child *child = context;
	const struct create_observer *observer = child->observer;
	struct create_process process = {.pid = pid};
	struct error *err = &child->shared->refusal;
	int ret;

	close(child->hello[1]);
	ret = read_pid_inside(child, &process.pid_inside, err);
	if (ret == 0 && !child->creation->is_trial)
		ret = outside_make_last(child->creation, err);
	if (ret == 0 && observer)
		ret = observer->created(observer->context, child->creation, &process, err);
	if (ret == 0 && write(child->go[1], "", 1) < 0)
		error_set_errno(err, errno, "cannot start the program");
	close(child->go[1]);
	close(child->go[0]);
	close(child->hello[0]);
	outside_leave(child->creation);
}

static struct shared *map_shared(struct error *err)
{
	struct shared *shared =
	    mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (shared != MAP_FAILED)
		return shared;
	error_set_errno(err, errno, "cannot map memory");
	return NULL;
}

static int run_supervised(struct child *child, struct create_result *result, struct error *err)
{
	const struct supervised supervised = {
	    .become = run_in_child, .started = start_program, .context = child};
	struct supervisor *supervisor = &child->creation->supervisor;
	pid_t pid;
	int ret;

	if (pipe2(child->go, O_CLOEXEC) < 0 || pipe2(child->hello, O_CLOEXEC) < 0)
		return error_set_errno(err, errno, "cannot make a pipe to the program's process");
	ret = supervisor_run(supervisor, &supervised, &pid, &result->status, err);
	if (ret < 0 && pid < 0)
		return reasons_of_fork(-ret, err);
	if (ret < 0)
		return ret;
	result->exec_failed = child->shared->exec_failed;
	result->is_over = supervisor->is_over;
	*err = child->shared->refusal.number != 0 ? child->shared->refusal : child->shared->err;
	return -err->number;
}

int in_child_run(struct creation *creation, const struct create_observer *observer,
		 struct create_result *result, struct error *err)
{
	struct child child = {.creation = creation, .observer = observer, .shared = map_shared(err)};
	int ret;

	if (!child.shared)
		return -err->number;
	ret = run_supervised(&child, result, err);
	munmap(child.shared, sizeof(*child.shared));
	return ret;
}
