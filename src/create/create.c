/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "create/create.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "create/clocks.h"
#include "create/credentials.h"
#include "create/init.h"
#include "create/mounts.h"
#include "create/namespaces.h"
#include "create/network.h"
#include "create/reasons.h"
#include "create/util_linux.h"

/* Where a step fails without setting err, its name is the message: "cannot NAME: reason". */
struct creation_row {
	const char *name;
	creation_step *step;
};

static int write_maps_inside(struct creation *creation, struct error *err)
{
	const char *file;
	int ret = id_maps_write_inside(&creation->maps, creation->self_fd, &file, err);

	return ret < 0 ? create_word_as_unshare(creation, err, "write failed /proc/self/%s", file) : 0;
}

/*
 * Of the process that its caller knows.  Changing the credentials clears the signal,
 * so this comes after every change.
 */
static int follow_caller(struct creation *creation, struct error *err)
{
	if (!creation->request->dies_with_parent)
		return 0;
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0)
		return -errno;
	if (getppid() != creation->parent)
		return error_set(err, ESRCH, "the caller of nsctl has ended");
	return 0;
}

static int follow_parent(struct creation *creation, struct error *err)
{
	return creation->supervisor.wanted ? supervisor_follow_parent(&creation->supervisor, err)
					   : follow_caller(creation, err);
}

static const struct creation_row creating[] = {
    {"become the owner", create_become_owner},
    {"create the namespaces", create_unshare},
    {"write the id maps", outside_write_maps},
    {"write the id maps", write_maps_inside},
    {"set the clocks", create_set_clocks},
    {"enter the time namespace", create_join_time},
    {"tie the program's life to the caller's", follow_caller},
    {0},
};

/* In the process that becomes the program, or the first of a pid namespace. */
static const struct creation_row furnishing[] = {
    {"set the propagation", create_set_propagation},
    {"register the interpreter", create_load_fixed_interpreter},
    {"change the directories", create_set_directories},
    {"mount proc", create_mount_proc},
    {"mount binfmt_misc", create_mount_binfmt},
    {"set the host name", create_set_host_name},
    {"bring the loopback interface up", create_start_loopback},
    {"change the credentials", create_set_credentials},
    {"keep the capabilities", create_keep_capabilities},
    {"tie the program's life to the caller's", follow_parent},
    {"set the environment", create_set_environment},
    {0},
};

static int take_steps(const struct creation_row *rows, struct creation *creation, struct error *err)
{
	for (; rows->step; rows++) {
		int ret;

		*err = (struct error){0};
		ret = rows->step(creation, err);
		if (ret < 0 && !err->message[0])
			return error_set_errno(err, -ret, "cannot %s", rows->name);
		if (ret < 0)
			return ret;
	}
	return 0;
}

/* What the child and this process both see, whether they share their memory or not. */
struct shared {
	struct error err;     /* of the child */
	struct error refusal; /* of this process: the child is not to execute the program */
	bool exec_failed;
};

struct child {
	struct creation *creation;
	const struct create_observer *observer;
	struct shared *shared;
	int go[2]; /* a pipe: the child goes on once a byte comes */
};

static int execute(struct creation *creation, bool *exec_failed, struct error *err)
{
	execvp(creation->path, creation->argv);
	*exec_failed = true;
	if (creation->request->as_unshare)
		return error_set_errno(err, errno, "failed to execute %.400s", creation->path);
	return error_set_errno(err, errno, "cannot execute '%.400s'", creation->path);
}

/* Reads until all writers have closed their ends. */
static int wait_for_caller(const struct creation *creation, struct error *err)
{
	int fd = creation->request->wait_fd;
	char ignored[256];
	ssize_t got;

	if (fd < 0)
		return 0;
	do
		got = read(fd, ignored, sizeof(ignored));
	while (got > 0 || (got < 0 && errno == EINTR));
	if (got < 0)
		return error_set_errno(err, errno, "cannot wait for descriptor %d", fd);
	close(fd);
	return 0;
}

static int wait_for_go(const struct child *child, struct error *err)
{
	char byte;
	ssize_t got;

	close(child->go[1]);
	do
		got = read(child->go[0], &byte, 1);
	while (got < 0 && errno == EINTR);
	/* Without a byte the other process has refused, and says why itself, or was killed. */
	return got == 1 ? 0 : error_set(err, ESRCH, "nsctl was killed");
}

static int become_program(void *context)
{
	struct child *child = context;
	struct error *err = &child->shared->err;

	if (child->creation->is_trial)
		return EXIT_SUCCESS;
	if (supervisor_restore_signals(&child->creation->supervisor) < 0)
		error_set_errno(err, errno, "cannot restore the signals");
	else if (wait_for_caller(child->creation, err) == 0)
		execute(child->creation, &child->shared->exec_failed, err);
	outside_undo(child->creation);
	return EXIT_FAILURE;
}

/*
 * Waits first: the other process needs its /proc until it lets go, and the child
 * may mount another one over it.
 */
static int run_in_child(void *context)
{
	struct child *child = context;
	struct error *err = &child->shared->err;

	if (wait_for_go(child, err) < 0 || take_steps(furnishing, child->creation, err) < 0) {
		outside_undo(child->creation);
		return EXIT_FAILURE;
	}
	if (!child->creation->request->is_init)
		return become_program(child);
	return init_run(child->creation, become_program, child, err);
}

/* In this process, as soon as the child exists: a pid namespace without a process cannot be mounted. */
static void let_go(void *context, pid_t pid)
{
	struct child *child = context;
	bool is_trial = child->creation->is_trial;
	struct error *err = &child->shared->refusal;
	int ret = is_trial ? 0 : outside_make_last(child->creation, err);

	if (ret == 0 && child->observer)
		ret = child->observer->created(child->observer->context, child->creation, pid, err);
	if (ret == 0 && write(child->go[1], "", 1) < 0)
		error_set_errno(err, errno, "cannot start the program");
	close(child->go[1]);
	close(child->go[0]);
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

static int run_child(struct child *child, struct create_result *result, struct error *err)
{
	const struct supervised supervised = {.become = run_in_child, .started = let_go, .context = child};
	struct supervisor *supervisor = &child->creation->supervisor;
	pid_t pid;
	int ret;

	if (pipe2(child->go, O_CLOEXEC) < 0)
		return error_set_errno(err, errno, "cannot make a pipe to the program's process");
	ret = supervisor_run(supervisor, &supervised, &pid, &result->status, err);
	if (ret < 0 && pid == 0)
		return reasons_of_fork(child->creation->types, -ret, err);
	result->exec_failed = child->shared->exec_failed;
	result->is_over = supervisor->is_over;
	*err = child->shared->refusal.number != 0 ? child->shared->refusal : child->shared->err;
	return -err->number;
}

static int run_supervised(struct creation *creation, const struct create_observer *observer,
			  struct create_result *result, struct error *err)
{
	struct child child = {.creation = creation, .observer = observer, .shared = map_shared(err)};
	int ret;

	if (!child.shared)
		return -err->number;
	ret = run_child(&child, result, err);
	munmap(child.shared, sizeof(*child.shared));
	return ret;
}

/* As unshare(1): the namespaces stay mounted where the program cannot be executed. */
static int run_in_place(struct creation *creation, struct create_result *result, struct error *err)
{
	int ret = creation->is_trial ? 0 : outside_make_last(creation, err);

	outside_end(&creation->outside);
	if (ret == 0)
		ret = take_steps(furnishing, creation, err);
	if (creation->is_trial)
		return ret;
	if (ret == 0)
		ret = wait_for_caller(creation, err);
	return ret < 0 ? ret : execute(creation, &result->exec_failed, err);
}

int create_run(struct creation *creation, const struct create_observer *observer,
	       struct create_result *result, struct error *err)
{
	int ret = outside_start(creation, err);

	*result = (struct create_result){0};
	if (ret == 0)
		ret = take_steps(creating, creation, err);
	if (ret < 0)
		return ret;
	return creation->supervisor.wanted ? run_supervised(creation, observer, result, err)
					   : run_in_place(creation, result, err);
}

int create_try(struct creation *creation, struct error *err)
{
	struct create_result ignored;
	struct shared *shared = map_shared(err);
	pid_t child;

	if (!shared)
		return -err->number;
	child = fork();
	if (child == 0) {
		creation->is_trial = true;
		if (creation_open_self(creation, &shared->err) == 0)
			create_run(creation, NULL, &ignored, &shared->err);
		_exit(0);
	}
	if (child < 0)
		return reasons_of_fork(0, errno, err);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	*err = shared->err;
	munmap(shared, sizeof(*shared));
	return -err->number;
}
